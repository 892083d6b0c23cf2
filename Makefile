# One command each; `make help` lists them. CMake presets do the work: this file only names them and installs what is missing.

CTEST_JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
FUZZ_SEED ?= $(shell date +%s)

.PHONY: help packages build run test sanitize fuzz bench format tidy goldens install clean
.DEFAULT_GOAL := help

help:  ## This list
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

packages:  ## Install the Debian packages that are missing (apt-get; needs root or sudo only if any is)
	@scripts/install-packages.sh

build: packages  ## Build everything, optimised, at build/release/
	cmake --preset release
	cmake --build --preset release

run: packages  ## Build the moult command and watch it swap policies under load (examples/demo/)
	cmake --preset release
	cmake --build --preset release --target moult
	examples/demo/run.sh build/release/tools/moult

test: packages  ## Run every test, and the concurrent ones once more under ASan and TSan
	scripts/test.sh -j $(CTEST_JOBS) release asan:short tsan:short

sanitize: packages  ## Run every test under ASan, UBSan and TSan (long)
	scripts/test.sh -j $(CTEST_JOBS) asan ubsan tsan

fuzz: packages  ## Run every fuzz target under ASan and UBSan, FUZZ_SECONDS (60) each; options with FUZZ=...
	cmake --preset fuzz
	cmake --build --preset fuzz --target moult_fuzz
	mkdir -p build/fuzz/failures
	ASAN_OPTIONS=detect_stack_use_after_return=0:malloc_context_size=2 build/fuzz/tests/fuzz/moult_fuzz all --seconds $(FUZZ_SECONDS) \
	  --seed $(FUZZ_SEED) --corpus build/fuzz/corpus --failures build/fuzz/failures $(FUZZ)

bench: packages  ## Run the benchmark programs; give options with BENCH_SWAP=..., BENCH_DECIDE=..., BENCH_LIST=..., BENCH_PUBLISH=...
	cmake --preset release
	cmake --build --preset release --target moult_bench_swap moult_bench_decide moult_bench_list moult_bench_publish
	build/release/bench/moult_bench_swap $(BENCH_SWAP)
	build/release/bench/moult_bench_decide $(BENCH_DECIDE)
	build/release/bench/moult_bench_list $(BENCH_LIST)
	build/release/bench/moult_bench_publish $(BENCH_PUBLISH)

format:  ## Format the C++ sources
	@scripts/install-packages.sh clang-format
	git ls-files '*.cc' '*.h' | xargs clang-format -i

tidy: packages  ## Run clang-tidy over the sources of the release build
	@scripts/install-packages.sh clang-tidy
	cmake --preset release
	run-clang-tidy -quiet -p build/release '^$(CURDIR)/(lang|codegen|gc|runtime|tools|examples|bench)/.*\.cc$$'

goldens:  ## Rewrite the golden files from what the code does now; then review the diff
	MOULT_UPDATE_GOLDENS=1 scripts/test.sh -j $(CTEST_JOBS) -R Golden release
	git diff --stat

install: build  ## Install under PREFIX (/usr/local)
	cmake --install build/release --prefix $(PREFIX)

clean:  ## Remove build/
	rm -rf build

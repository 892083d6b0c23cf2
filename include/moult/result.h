// Result<T, E>: a value or an error, never both. Errors are values here; nothing in Moult throws across its API.
#pragma once

#include <cassert>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "moult/diagnostic.h"

namespace moult {

// An error without a place in a policy's text: a missing file, a refused option, a binding that does not fit.
struct Error {
  std::string code;     // stable, e.g. "E-no-such-policy"
  std::string message;  // one line
};

// Marks the error case: `return Failure(Error{...});`
template <class E>
struct Failure {
  explicit Failure(E e) : error(std::move(e)) {}
  E error;
};

template <class T, class E = Diagnostics>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}              // NOLINT(google-explicit-constructor)
  Result(Failure<E> failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  T& value() & { assert(ok()); return *std::get_if<0>(&state_); }
  const T& value() const& { assert(ok()); return *std::get_if<0>(&state_); }
  T&& value() && { assert(ok()); return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !ok().
  E& error() & { assert(!ok()); return *std::get_if<1>(&state_); }
  const E& error() const& { assert(!ok()); return *std::get_if<1>(&state_); }
  E&& error() && { assert(!ok()); return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, E> state_;
};

// Success, or one Error. Success costs no allocation; copies share the Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::make_shared<const Error>(std::move(error))) {}  // NOLINT(google-explicit-constructor)
  bool ok() const { return error_ == nullptr; }
  explicit operator bool() const { return ok(); }
  // REQUIRES: !ok().
  const Error& error() const { assert(!ok()); return *error_; }

 private:
  std::shared_ptr<const Error> error_;
};

}  // namespace moult

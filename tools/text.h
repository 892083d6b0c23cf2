// Numbers and lines for people.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace moult::tools {

std::string Grouped(uint64_t n);                       // 1,234,567
std::string Bytes(uint64_t n);                         // 812 bytes, 12.3 KiB
std::string Duration(std::chrono::nanoseconds time);   // 850 ns, 12.3 us, 1.5 ms, 3.21 s
std::string Percent(uint64_t part, uint64_t whole);    // 12.3 %
std::string Plural(uint64_t n, const char* singular);  // 1 rule, 2 rules

// What is said of a line of the input that is no request: "requests.jsonl:3: error: expected an object, got array [E-input]".
std::string BadLineText(std::string_view input, uint64_t line, std::string_view message, std::string_view code);

}  // namespace moult::tools

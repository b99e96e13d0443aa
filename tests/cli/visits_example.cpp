// Values that look like measurements and follow from the row alone.
#include "visits_example.hpp"

#include <cstdint>
#include <fstream>

#include "tare/base/number_text.hpp"

namespace tare::test {
namespace {

/// A number from 0 to 1 that looks like chance.
double scattered(std::uint64_t key) {
    key = (key + 1) * 0x9E3779B97F4A7C15U;
    key = (key ^ (key >> 30U)) * 0xBF58476D1CE4E5B9U;
    key = (key ^ (key >> 27U)) * 0x94D049BB133111EBU;
    return static_cast<double>(key % 10007U) / 10007.0;
}

}  // namespace

std::string visits_table(const std::string& sites, int features, const CellChange& change) {
    std::string text = "participant_id,session_id,person,site,age,sex";
    for (int f = 0; f < features; ++f) text += ",y" + std::to_string(f);
    text += "\n";
    int row = 0;
    for (const char letter : sites) {
        const int site = letter - 'A';
        for (int person = 0; person < 6; ++person) {
            for (int number = 0; number < 3; ++number, ++row) {
                const Visit visit{{letter}, person, number, row};
                const auto add = [&](const std::string& column, const std::string& cell) {
                    text += (column == "participant_id" ? "" : ",") + (change ? change(visit, column, cell) : cell);
                };
                const int age = 20 + (person * 37 + site * 11) % 60 + number;
                const std::string name = letter + std::to_string(person);
                add("participant_id", name);
                add("session_id", std::to_string(number));
                add("person", name);
                add("site", {letter});
                add("age", std::to_string(age));
                add("sex", (person + site) % 2 == 0 ? "M" : "F");
                for (int f = 0; f < features; ++f) {
                    const auto key = static_cast<std::uint64_t>((site * 100 + person) * 100 + f * 10);
                    const double noise = scattered(key + static_cast<std::uint64_t>(number) + 1) * (site == 1 ? 1.5 : 1.0);
                    const double value = 10.0 + 0.02 * age + scattered(key) + noise + 0.5 * site;
                    add("y" + std::to_string(f), base::number_text(value));
                }
                text += "\n";
            }
        }
    }
    return text;
}

VisitsExample::VisitsExample() {
    std::ofstream(folder() / "t.csv", std::ios::binary) << visits_table("ABC");
    std::ofstream(folder() / "n.csv", std::ios::binary) << visits_table("BDE");
}

}  // namespace tare::test

// Matrices of every layout that NumPy knows, written and read.
#include <catch2/catch.hpp>

#include "npy_test_support.hpp"
#include "tare/base/rng.hpp"
#include "tare/base/sha256.hpp"

using namespace tare;
using test::all_values;
using test::npy_bytes;
using test::npy_text;
using test::number_bytes;

namespace {

const std::vector<double> two_by_three{1.5, -2.0, 3.25, 4.0, 5.5, -6.125};
const std::vector<double> two_by_three_by_column{1.5, 4.0, -2.0, 5.5, 3.25, -6.125};

template <typename T>
std::vector<T> as(const std::vector<double>& values) {
    return {values.begin(), values.end()};
}

/// The values of a file with these bytes.
std::vector<double> values_of(const std::string& bytes, bool single) {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "x.npy";
    test::put_file(path, bytes);
    const io::NpyFile file(path, {});
    CHECK(file.path() == path);
    CHECK(file.rows() == 2);
    CHECK(file.columns() == 3);
    CHECK(file.single_precision() == single);
    return all_values(file);
}

}  // namespace

TEST_CASE("A .npy matrix is read in every version, order, precision and byte order") {
    for (const int version : {1, 2, 3}) {
        for (const bool fortran : {false, true}) {
            for (const bool big : {false, true}) {
                CAPTURE(version, fortran, big);
                const auto& stored = fortran ? two_by_three_by_column : two_by_three;
                const std::string order = big ? ">" : "<";
                CHECK(values_of(npy_bytes(npy_text(order + "f4", "(2, 3)", fortran), number_bytes(as<float>(stored), big),
                                          version),
                                true) == two_by_three);
                CHECK(values_of(npy_bytes(npy_text(order + "f8", "(2, 3)", fortran), number_bytes(stored, big), version),
                                false) == two_by_three);
            }
        }
    }
}

TEST_CASE("A .npy matrix is read wherever its values begin") {
    for (const std::size_t alignment : {1U, 3U, 5U, 7U, 16U}) {
        std::string text = npy_text("<f8", "(2, 3)");
        for (int more = 0; more < 9; ++more, text += ' ') {
            CAPTURE(alignment, more);
            CHECK(values_of(npy_bytes(text, number_bytes(two_by_three), 1, alignment), false) == two_by_three);
        }
    }
}

TEST_CASE("A .npy header may be written in any way that Python reads") {
    const std::string data = number_bytes(two_by_three);
    for (const char* text : {
             "{'shape': (2, 3), 'descr': '<f8', 'fortran_order': False}",
             "{\"shape\":(2,3,),\"fortran_order\":False,\"descr\":\"<f8\",}",
             "  {  'shape' : ( 2 , 3 ) , 'fortran_order' : False , 'descr' : '=f8' , }  ",
             "{'shape': (2L, 3L), 'fortran_order': False, 'descr': 'f8'}",
         }) {
        CAPTURE(text);
        CHECK(values_of(npy_bytes(text, data), false) == two_by_three);
    }
}

TEST_CASE("A large Fortran matrix with ragged tiles is turned by any number of threads") {
    constexpr base::Index rows = 131;
    constexpr base::Index columns = 203;
    std::vector<float> stored(rows * columns);
    std::iota(stored.begin(), stored.end(), 0.0F);
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "x.npy";
    test::put_file(path, npy_bytes(npy_text("<f4", "(131, 203)", true), number_bytes(stored)));
    for (const int threads : {1, 2, 3}) {
        const io::NpyFile file(path, {.threads = threads});
        const std::vector<double> values = all_values(file);
        for (base::Index r = 0; r < rows; ++r) {
            for (base::Index c = 0; c < columns; ++c) {
                REQUIRE(values[static_cast<std::size_t>(r * columns + c)] == static_cast<double>(c * rows + r));
            }
        }
    }
}

TEST_CASE("Rows of a .npy matrix are had in any order, and come back after a release") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "x.npy";
    test::put_file(path, npy_bytes(npy_text("<f8", "(3, 2)"), number_bytes(two_by_three)));
    const io::NpyFile file(path, {});
    const std::vector<base::Index> wanted{2, 0, 2};
    const auto rows = std::get<std::vector<const double*>>(file.row_pointers(wanted));
    file.release();
    CHECK(rows[0][0] == 5.5);
    CHECK(rows[1][1] == -2.0);
    CHECK(rows[2] == rows[0]);
    const std::vector<base::Index> beyond{3};
    CHECK_THROWS_AS(file.row_pointers(beyond), std::out_of_range);
    const std::vector<base::Index> before{-1};
    CHECK_THROWS_AS(file.row_pointers(before), std::out_of_range);
}

TEST_CASE("What is written as .npy is read back, bit by bit") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "x.npy";
    base::TemporaryFiles unfinished;
    base::Rng rng(7);
    for (const auto& [rows, columns] : {std::pair{1, 1}, std::pair{5, 3}, std::pair{1234567, 1}, std::pair{1, 100000}}) {
        base::Matrix<double> matrix(rows, columns);
        for (double& value : std::span(matrix.data(), static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns))) {
            value = rng.normal();
        }
        io::Output output(path, unfinished, true);
        io::write_npy(output, matrix);
        output.commit();
        CHECK((io::read_npy(path, {}) == matrix));
    }
}

TEST_CASE("A .npy header that is written begins the values at a multiple of 64 bytes") {
    for (const std::string_view type : {"<f4", "<f8", "|u1"}) {
        for (base::Index rows = 1; rows < 1000000000000; rows *= 7) {
            const std::string header = io::npy_header(rows, 3, type);
            CHECK(header.size() % 64 == 0);
            CHECK(header.back() == '\n');
        }
    }
    CHECK(io::npy_header(2, 3, "<f4") == npy_bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", ""));
}

TEST_CASE("read_npy widens float32 and reads missing values as they are") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "x.npy";
    test::put_file(path, npy_bytes(npy_text("<f4", "(1, 2)"), number_bytes<float>({0.1F, NAN})));
    const base::Matrix<double> matrix = io::read_npy(path, {});
    CHECK(matrix(0, 0) == static_cast<double>(0.1F));
    CHECK(std::isnan(matrix(0, 1)));
}

TEST_CASE("The checksum of a .npy file is that of its bytes, computed beside or when asked for") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "x.npy";
    const std::string bytes = npy_bytes(npy_text("<f8", "(1000, 333)"), number_bytes(std::vector<double>(333000, 1.25)));
    test::put_file(path, bytes);
    for (const int threads : {1, 2}) {
        io::NpyFile file(path, {.threads = threads});
        CHECK(file.sha256() == base::sha256_hex(bytes));
        CHECK(file.sha256() == base::sha256_hex(bytes));
        // Nobody waits for the checksum of a file that is not needed any more.
        CHECK_NOTHROW(io::NpyFile(path, {.threads = threads}));
    }
}

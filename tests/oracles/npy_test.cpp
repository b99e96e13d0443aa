// Our .npy files beside NumPy's own: what either writes, the other reads, value by value.
#include <string>

#include <catch2/catch.hpp>

#include "oracles/oracle.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/error.hpp"
#include "tare/io/npy_file.hpp"

using namespace tare;

namespace {

/// x[r, c] of every file that NumPy writes here: single and double precision hold it exactly.
double value_at(base::Index r, base::Index c) {
    return static_cast<double>(r) * 1000.0 + static_cast<double>(c) / 8.0 - 77.0;
}

constexpr auto define_matrix = R"(
import numpy as np
rows, columns = 97, 131
x = np.arange(rows)[:, None] * 1000.0 + np.arange(columns)[None, :] / 8.0 - 77.0
)";

/// Runs a program text in a folder.
test::Finished run_python(const std::string& interpreter, const std::string& text, const std::filesystem::path& folder) {
    return test::run({interpreter, "-W", "ignore", "-c", text}, {.input = {}, .folder = folder, .environment = {}});
}

}  // namespace

TEST_CASE("NumPy's .npy files are read: every version, order, precision and byte order") {
    const auto interpreter = test::python_with("numpy");
    if (!interpreter) return;
    const test::TemporaryDirectory folder;
    const test::Finished made = run_python(*interpreter, std::string(define_matrix) + R"(
for version in (1, 2, 3):
    for dtype in ('<f4', '<f8', '>f4', '>f8', '=f4', '=f8'):
        for order in 'CF':
            name = f'{version}_{dtype[1:]}_{dict(zip("<>=", "lbn"))[dtype[0]]}_{order}.npy'
            with open(name, 'wb') as f:
                np.lib.format.write_array(f, np.asarray(x.astype(dtype), order=order), version=(version, 0))
            print(name)
np.save('saved.npy', x)
np.save('view.npy', np.repeat(x, 2, axis=1)[:, ::2])
print('saved.npy')
print('view.npy')
)",
                                           folder.path());
    REQUIRE(made.err.empty());
    std::size_t files = 0;
    for (std::size_t begin = 0, end = 0; (end = made.out.find('\n', begin)) != std::string::npos; begin = end + 1, ++files) {
        const std::string name = made.out.substr(begin, end - begin);
        CAPTURE(name);
        const io::NpyFile file((folder.path() / name).string(), {});
        CHECK(file.single_precision() == (name.find("f4") != std::string::npos));
        const base::Matrix<double> matrix = io::read_npy((folder.path() / name).string(), {});
        REQUIRE(matrix.rows() == 97);
        REQUIRE(matrix.columns() == 131);
        base::Index wrong = 0;
        for (base::Index r = 0; r < matrix.rows(); ++r) {
            for (base::Index c = 0; c < matrix.columns(); ++c) {
                wrong += matrix(r, c) == value_at(r, c) ? 0 : 1;
            }
        }
        CHECK(wrong == 0);
    }
    CHECK(files == 38);
}

TEST_CASE("NumPy reads our .npy files: the same values, type and order") {
    const auto interpreter = test::python_with("numpy");
    if (!interpreter) return;
    const test::TemporaryDirectory folder;
    base::TemporaryFiles unfinished;
    base::Matrix<double> matrix(97, 131);
    std::vector<float> single;
    for (base::Index r = 0; r < matrix.rows(); ++r) {
        for (base::Index c = 0; c < matrix.columns(); ++c) {
            matrix(r, c) = value_at(r, c);
            single.push_back(static_cast<float>(matrix(r, c)));
        }
    }
    io::Output output((folder.path() / "double.npy").string(), unfinished);
    io::write_npy(output, matrix);
    output.commit();
    io::Output second((folder.path() / "single.npy").string(), unfinished);
    second.write(io::npy_header(97, 131, "<f4"));
    second.write({reinterpret_cast<const char*>(single.data()), single.size() * sizeof(float)});
    second.commit();
    const test::Finished read = run_python(*interpreter, std::string(define_matrix) + R"(
for name, dtype in (('double.npy', np.dtype('<f8')), ('single.npy', np.dtype('<f4'))):
    y = np.load(name, allow_pickle=False)
    z = np.load(name, mmap_mode='r')
    assert y.dtype == dtype and y.shape == x.shape and y.flags.c_contiguous, (y.dtype, y.shape)
    assert (y == x).all() and (z == x).all()
    with open(name, 'rb') as f:
        assert np.lib.format.read_magic(f) == (1, 0)
        np.lib.format.read_array_header_1_0(f)
        assert f.tell() % 64 == 0
print('equal')
)",
                                           folder.path());
    CHECK(read.err.empty());
    CHECK(read.out == "equal\n");
}

TEST_CASE("NumPy's arrays that are no matrices of floats are refused by name") {
    const auto interpreter = test::python_with("numpy");
    if (!interpreter) return;
    const test::TemporaryDirectory folder;
    const test::Finished made = run_python(*interpreter, R"(
import numpy as np
np.save('int64.npy', np.ones((2, 3), int))
np.save('bool.npy', np.ones((2, 3), bool))
np.save('float16.npy', np.ones((2, 3), 'f2'))
np.save('longdouble.npy', np.ones((2, 3), 'g'))
np.save('complex.npy', np.ones((2, 3), complex))
np.save('text.npy', np.array([['a', 'bc']]))
np.save('bytes.npy', np.array([[b'a', b'bc']]))
np.save('dates.npy', np.array([['2020-01-01']], 'M8[D]'))
np.save('objects.npy', np.array([[None, {}]], object), allow_pickle=True)
np.save('records.npy', np.ones((2, 3), [('age', 'f8'), ('shape', 'i4', (2, 2))]))
np.save('vector.npy', np.ones(6))
np.save('cube.npy', np.ones((1, 2, 3)))
np.save('scalar.npy', np.float64(1))
np.save('empty.npy', np.ones((0, 3)))
np.savez('archive.npz', x=np.ones((2, 3)))
)",
                                           folder.path());
    REQUIRE(made.err.empty());
    const std::pair<const char*, const char*> expected[] = {
        {"int64.npy", "holds int64"},
        {"bool.npy", "holds bool"},
        {"float16.npy", "holds float16"},
        {"longdouble.npy", "holds float128"},
        {"complex.npy", "holds complex128"},
        {"text.npy", "holds text"},
        {"bytes.npy", "holds bytes"},
        {"dates.npy", "holds dates"},
        {"objects.npy", "holds Python objects"},
        {"records.npy", "holds records"},
        {"vector.npy", "has 1 dimensions (6)"},
        {"cube.npy", "has 3 dimensions (1 × 2 × 3)"},
        {"scalar.npy", "has 0 dimensions"},
        {"empty.npy", "has no rows"},
        {"archive.npz", "is a zip archive (.npz)"},
    };
    for (const auto& [name, words] : expected) {
        CAPTURE(name);
        const std::string path = (folder.path() / name).string();
        try {
            const io::NpyFile file(path, {});
            FAIL("was read");
        } catch (const base::Error& error) {
            CHECK(error.code() == base::ExitCode::data);
            CHECK(std::string(error.what()).starts_with(path + ": " + words));
        }
    }
}

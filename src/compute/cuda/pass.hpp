// One operation's pass over the features: what all blocks share, then block after block, alternating between two slots.
#pragma once

#include <mutex>

#include "cuda_backend.hpp"
#include "tare/base/parallel.hpp"

namespace tare::compute::cuda {

/// The features of one block: positions `begin` … `begin` + `count` − 1 in `columns`, or of all where that is empty.
struct Block {
    Index begin, count;
    std::span<const Index> columns;

    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(count); }
    /// Their values in a row of all features.
    template <typename T>
    void gather(const T* row, T* to) const {
        if (columns.empty()) {
            std::copy_n(row + begin, count, to);
        } else {
            for (Index i = 0; i < count; ++i) to[i] = row[feature(i)];
        }
    }
    template <typename T>
    void scatter(const T* from, T* row) const {
        if (columns.empty()) {
            std::copy_n(from, count, row + begin);
        } else {
            for (Index i = 0; i < count; ++i) row[feature(i)] = from[i];
        }
    }
    [[nodiscard]] Index feature(Index i) const {
        return columns.empty() ? begin + i : columns[static_cast<std::size_t>(begin + i)];
    }
};

/// Blocks are whole warps wide where they can be.
inline constexpr Index warp = 32;

/// Rows of features that a block holds, and the bytes of each of their values.
struct RowsOfBlock {
    Index rows;
    std::size_t value_bytes;
};

/// The rows of a matrix, as a Pass asks for them.
template <typename T>
[[nodiscard]] auto rows_of(T* first, Index columns) {
    return [first, columns](Index r) { return first + r * columns; };
}

class CudaBackend::Pass {
public:
    explicit Pass(const CudaBackend& backend);
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    /// Forgets what is under way where the operation failed.
    ~Pass();

    /// The slot of what all blocks share; share() once everything is in it.
    [[nodiscard]] Slot& shared() { return backend_.shared_; }
    void share() { backend_.shared_.finish(); }

    /// Calls work(slot, block) for blocks of features as wide as `parts` let them be, and waits for the last. `together`:
    /// so many features must be in one block.
    void over(Index features, std::span<const Index> columns, std::span<const RowsOfBlock> parts,
              const std::function<void(Slot&, const Block&)>& work, Index together = 1);

    /// Parts of a block that are stretches of rows of all features; row(r) is where row r begins. Threads share the copying.
    template <typename T, typename Row>
    [[nodiscard]] T* in(Slot& slot, const Block& block, Index rows, const Row& row) const {
        return slot.in<T>(cells(block, rows), filling<T>(block, rows, row));
    }
    template <typename T, typename Row>
    [[nodiscard]] T* out(Slot& slot, const Block& block, Index rows, const Row& row) const {
        return slot.out<T>(cells(block, rows), collecting<T>(block, rows, row));
    }
    template <typename T, typename From, typename To>
    [[nodiscard]] T* in_out(Slot& slot, const Block& block, Index rows, const From& from, const To& to) const {
        return slot.in_out<T>(cells(block, rows), filling<T>(block, rows, from), collecting<T>(block, rows, to));
    }

private:
    [[nodiscard]] static std::size_t cells(const Block& block, Index rows) {
        return block.size() * static_cast<std::size_t>(rows);
    }
    /// Calls work(row) for all rows, on several threads where there is much to copy.
    template <typename Work>
    void for_rows(const Block& block, Index rows, const Work& work) const {
        base::for_each_in_parallel(static_cast<std::size_t>(rows), rows * block.count >= copy_alone ? backend_.threads() : 1,
                                   [&](std::size_t r) { work(static_cast<Index>(r)); });
    }
    template <typename T, typename Row>
    [[nodiscard]] auto filling(const Block& block, Index rows, const Row& row) const {
        return [this, &block, rows, &row](std::span<T> to) {
            for_rows(block, rows, [&](Index r) { block.gather(row(r), to.data() + r * block.count); });
        };
    }
    template <typename T, typename Row>
    [[nodiscard]] auto collecting(const Block& block, Index rows, const Row& row) const {
        return [this, block, rows, row](std::span<const T> from) {
            for_rows(block, rows, [&](Index r) { block.scatter(from.data() + r * block.count, row(r)); });
        };
    }

    static constexpr Index copy_alone = 65'536;  ///< fewer cells are not worth a second thread
    const CudaBackend& backend_;
    std::lock_guard<std::mutex> turn_;
};

}  // namespace tare::compute::cuda

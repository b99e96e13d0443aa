// From values to moments, and from moments to coefficients and residuals, for one feature a thread. Every sum runs in the
// order of the processor's backend and nothing is contracted, so both give the same bytes.
#pragma once

#include "portable.hpp"
#include "tare/compute/backend.hpp"

namespace tare::compute::cuda {

using base::Index;

/// A chunk as the card sees it.
struct ChunkShape {
    Index first, count;  ///< rows
    double before;       ///< subjects of the site that came earlier
};

template <typename T>
struct AccumulateKernel {
    const T* values;            ///< subjects × features
    const double* codes;        ///< subjects × terms, centred on the chunk's own mean
    const double* differences;  ///< chunks × terms: the chunk's mean covariates less those of the subjects before
    const ChunkShape* chunks;
    Index chunk_count, terms, features;
    double* mean;            ///< features
    double* squares;         ///< features
    double* cross_products;  ///< terms × features

    TARE_PORTABLE void operator()(Index f) const {
        double site_mean = mean[f], site_squares = squares[f];
        for (Index c = 0; c < chunk_count; ++c) {
            const ChunkShape chunk = chunks[c];
            const T* source = values + chunk.first * features + f;
            double centred[accumulation_chunk];
            double chunk_mean = 0.0;
            for (Index r = 0; r < accumulation_chunk; ++r) {
                centred[r] = r < chunk.count ? static_cast<double>(source[r * features]) : 0.0;
                if (r < chunk.count) chunk_mean += centred[r];
            }
            const double count = static_cast<double>(chunk.count);
            chunk_mean /= count;
            double chunk_squares = 0.0;
            for (Index r = 0; r < accumulation_chunk; ++r) {
                if (r >= chunk.count) continue;
                centred[r] -= chunk_mean;
                chunk_squares += centred[r] * centred[r];
            }
            const double n = chunk.before + count, weight = chunk.before * count / n;
            const double difference = chunk_mean - site_mean;
            for (Index j = 0; j < terms; ++j) {
                double cross = 0.0;
                for (Index r = 0; r < accumulation_chunk; ++r) {
                    if (r < chunk.count) cross += codes[(chunk.first + r) * terms + j] * centred[r];
                }
                cross_products[j * features + f] += cross + weight * differences[c * terms + j] * difference;
            }
            site_mean += difference * (count / n);
            site_squares += chunk_squares + weight * difference * difference;
        }
        mean[f] = site_mean;
        squares[f] = site_squares;
    }
};

/// Solves D L Lᵀ D β = Σ b_s.
struct SolveKernel {
    const double* cross_products;  ///< (sites · terms) × features
    const Index* design;           ///< features: which of the designs
    const double* factors;         ///< designs × terms × terms: L, lower
    const double* scales;          ///< designs × terms: the diagonal of D
    Index sites, terms, features;
    double* coefficients;  ///< terms × features

    TARE_PORTABLE void operator()(Index f) const {
        const double* factor = factors + design[f] * terms * terms;
        const double* scale = scales + design[f] * terms;
        double* beta = coefficients + f;
        for (Index j = 0; j < terms; ++j) {
            double sum = 0.0;
            for (Index s = 0; s < sites; ++s) sum += cross_products[(s * terms + j) * features + f];
            beta[j * features] = sum;
        }
        for (Index j = 0; j < terms; ++j) {
            double x = beta[j * features] / scale[j];
            for (Index i = 0; i < j; ++i) x -= factor[j * terms + i] * beta[i * features];
            beta[j * features] = x / factor[j * terms + j];
        }
        for (Index j = terms - 1; j >= 0; --j) {
            double x = beta[j * features];
            for (Index i = j + 1; i < terms; ++i) x -= factor[i * terms + j] * beta[i * features];
            beta[j * features] = x / factor[j * terms + j];
        }
        for (Index j = 0; j < terms; ++j) beta[j * features] /= scale[j];
    }
};

/// α_s = ȳ_s − c̄_sᵀβ and R_s = q_s − 2βᵀb_s + βᵀA_sβ of every site.
struct ResidualsKernel {
    const double* mean;             ///< sites × features
    const double* squares;          ///< sites × features
    const double* cross_products;   ///< (sites · terms) × features
    const double* coefficients;     ///< terms × features
    const Index* design;            ///< features: which of the designs
    const double* covariate_means;  ///< designs × sites × terms
    const double* scatters;         ///< designs × sites × terms × terms
    Index sites, terms, features;
    double* site_mean;         ///< sites × features
    double* residual_squares;  ///< sites × features

    TARE_PORTABLE void operator()(Index f) const {
        const double* beta = coefficients + f;
        for (Index s = 0; s < sites; ++s) {
            const double* covariate_mean = covariate_means + (design[f] * sites + s) * terms;
            const double* scatter = scatters + (design[f] * sites + s) * terms * terms;
            double level = mean[s * features + f], residual = squares[s * features + f];
            for (Index j = 0; j < terms; ++j) {
                const double b = beta[j * features];
                level -= covariate_mean[j] * b;
                double fitted = 0.0;
                for (Index i = 0; i < terms; ++i) fitted += scatter[j * terms + i] * beta[i * features];
                residual += b * (fitted - 2.0 * cross_products[(s * terms + j) * features + f]);
            }
            site_mean[s * features + f] = level;
            residual_squares[s * features + f] = residual < 0.0 ? 0.0 : residual;
        }
    }
};

}  // namespace tare::compute::cuda

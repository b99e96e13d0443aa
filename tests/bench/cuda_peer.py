"""The steps of a fit in CuPy, or in PyTorch where that is what is there: the formulation that a scientist would write.
Usage: cuda_peer.py [VOXELS SUBJECTS SITES]. Prints the library, then what and milliseconds as bench-cuda calls them, with the
data on the card. Exits 69 without a library or a card."""
import importlib
import statistics
import sys
import time

TERMS = 3
PRIOR = {"gamma_bar": 0.1, "tau2": 0.25, "a": 6.0, "b": 5.0}


class CuPy:
    def __init__(self):
        self.xp = importlib.import_module("cupy")
        runtime = self.xp.cuda.runtime
        try:
            cards = runtime.getDeviceCount()
        except runtime.CUDARuntimeError as fault:
            raise LookupError(f"CuPy: {fault}") from None
        if cards == 0:
            raise LookupError("CuPy finds no card")
        self.name = "CuPy " + self.xp.__version__
        self.xp.random.seed(1)

    def normal(self, *shape):
        return self.xp.random.standard_normal(shape, dtype=self.xp.float64)

    def uniform(self, *shape):
        return self.xp.random.random(shape, dtype=self.xp.float64)

    def cast(self, array, kind):
        return array.astype(kind)

    def wait(self):
        self.xp.cuda.Device().synchronize()


class PyTorch:
    def __init__(self):
        self.xp = importlib.import_module("torch")
        if not self.xp.cuda.is_available():
            raise LookupError("PyTorch finds no card")
        self.name = "PyTorch " + self.xp.__version__
        self.xp.set_default_device("cuda")
        self.xp.manual_seed(1)

    def normal(self, *shape):
        return self.xp.randn(shape, dtype=self.xp.float64)

    def uniform(self, *shape):
        return self.xp.rand(shape, dtype=self.xp.float64)

    def cast(self, array, kind):
        return array.to(kind)

    def wait(self):
        self.xp.cuda.synchronize()


def library():
    reasons = []
    for kind in (CuPy, PyTorch):
        try:
            return kind()
        except ImportError as fault:
            absent = getattr(fault, "name", None) in ("cupy", "torch") or "libcuda.so" in str(fault)
            if not absent:
                raise
            reasons.append(str(fault).strip())
        except LookupError as fault:
            reasons.append(str(fault))
    print("cuda_peer.py: " + "; ".join(reasons), file=sys.stderr)
    sys.exit(69)


def timed(lib, what, work, prepare=lambda: None, repeats=7):
    times = []
    for _ in range(repeats + 1):
        prepare()
        lib.wait()
        began = time.perf_counter()
        work()
        lib.wait()
        times.append(time.perf_counter() - began)
    took = statistics.median(times[1:])
    print(f"{what}\t{took * 1e3:.4g}", flush=True)
    return took


class Cohort:
    """Values, covariates, and what is known of every site and voxel so far."""

    def __init__(self, lib, voxels, each, sites):
        self.lib, self.each, self.sites, xp = lib, each, sites, lib.xp
        self.values = xp.zeros((sites * each, voxels), dtype=xp.float32)
        for i in range(sites * each):
            self.values[i] = 10.0 + lib.normal(voxels)
        self.codes = lib.normal(sites * each, TERMS)
        self.level = 10.0 + lib.normal(voxels)
        shape = (sites, voxels)
        self.mean, self.squares = xp.zeros(shape, dtype=xp.float64), xp.zeros(shape, dtype=xp.float64)
        self.cross = xp.zeros((sites, TERMS, voxels), dtype=xp.float64)
        self.gamma_hat = 0.1 + 0.5 * lib.normal(*shape)
        # Gamma numbers of shape 5 and mean 1.
        self.delta_hat = xp.zeros(shape, dtype=xp.float64)
        for _ in range(5):
            self.delta_hat -= 0.2 * xp.log(1.0 - lib.uniform(*shape))
        self.n = xp.floor(5.0 + 36.0 * lib.uniform(*shape))
        self.gamma, self.delta = xp.zeros(shape, dtype=xp.float64), xp.zeros(shape, dtype=xp.float64)
        codes = self.codes.reshape(sites, each, TERMS)
        self.code_mean = codes.mean(1)
        self.centred_codes = codes - self.code_mean[:, None, :]
        self.scatter = xp.stack([centred.T @ centred for centred in self.centred_codes])
        self.beta = xp.zeros((TERMS, voxels), dtype=xp.float64)

    def rows(self, site):
        return slice(site * self.each, (site + 1) * self.each)

    def moments(self):
        for s in range(self.sites):
            rows = self.lib.cast(self.values[self.rows(s)], self.lib.xp.float64)
            self.mean[s] = rows.mean(0)
            rows -= self.mean[s]
            self.squares[s] = (rows * rows).sum(0)
            self.cross[s] = self.centred_codes[s].T @ rows

    def solve(self):
        self.beta = self.lib.xp.linalg.solve(self.scatter.sum(0), self.cross.sum(0))

    def residuals(self):
        site_mean = self.mean - self.code_mean @ self.beta
        left = self.lib.xp.zeros(self.squares.shape, dtype=self.squares.dtype)
        for s in range(self.sites):
            explained = (self.beta * (2.0 * self.cross[s] - self.scatter[s] @ self.beta)).sum(0)
            left[s] = (self.squares[s] - explained).clip(0.0)
        return site_mean, left

    def restart(self):
        self.gamma[:], self.delta[:] = self.gamma_hat, self.delta_hat

    def parametric(self):
        for s in range(self.sites):
            n, gamma_hat, delta_hat = self.n[s], self.gamma_hat[s], self.delta_hat[s]
            gamma, delta = self.gamma[s], self.delta[s]
            weight = PRIOR["tau2"] * n
            for _ in range(10_000):
                next_gamma = (weight * gamma_hat + delta * PRIOR["gamma_bar"]) / (weight + delta)
                squares = (n - 1.0) * delta_hat + n * (gamma_hat - next_gamma) ** 2
                next_delta = (0.5 * squares + PRIOR["b"]) / (0.5 * n + PRIOR["a"] - 1.0)
                settled = (abs(next_gamma - gamma) <= 1e-12 * abs(gamma)) & (abs(next_delta - delta) <= 1e-12 * abs(delta))
                gamma, delta = next_gamma, next_delta
                if bool(settled.all()):
                    break
            self.gamma[s], self.delta[s] = gamma, delta

    def adjust(self):
        single, double = self.lib.xp.float32, self.lib.xp.float64
        for s in range(self.sites):
            rows = self.lib.cast(self.values[self.rows(s)], double)
            left = rows - self.level - self.codes[self.rows(s)] @ self.beta
            self.values[self.rows(s)] = self.lib.cast(rows + self.gamma_hat[s] * left - self.delta_hat[s], single)


def nonparametric(lib, features, tile=1024):
    xp = lib.xp
    n, gamma = xp.floor(5.0 + 36.0 * lib.uniform(features)), 0.5 * lib.normal(features)
    delta = 0.5 + 1.5 * lib.uniform(features)
    columns = xp.stack([xp.ones(features, dtype=xp.float64), gamma, delta, gamma * gamma, delta * delta]).T
    half_log, half_over, spread = 0.5 * xp.log(delta), 0.5 / delta, (n - 1.0) * delta
    sums = xp.zeros((features, 5), dtype=xp.float64)

    def work():
        for begin in range(0, features, tile):
            own = slice(begin, min(begin + tile, features))
            here = xp.arange(begin, own.stop)
            count = n[own, None]
            logarithm = -count * half_log - (spread[own, None] + count * (gamma[own, None] - gamma) ** 2) * half_over
            logarithm[here - begin, here] = -float("inf")
            logarithm -= xp.amax(logarithm, 1)[:, None]
            sums[own] = xp.exp(logarithm) @ columns

    timed(lib, f"non-parametric shrinkage of a site, {features} features", work)


def main():
    voxels, subjects, sites = (int(a) for a in (sys.argv[1:4] or (2_000_000, 500, 36)))
    lib = library()
    print(lib.name, flush=True)
    cohort = Cohort(lib, voxels, subjects // sites, sites)
    total = timed(lib, "moments", cohort.moments)
    total += timed(lib, "solve", cohort.solve)
    total += timed(lib, "residuals", cohort.residuals)
    total += timed(lib, "parametric shrinkage", cohort.parametric, cohort.restart)
    total += timed(lib, "adjust", cohort.adjust)
    print(f"fit and apply, resident\t{total * 1e3:.4g}", flush=True)
    del cohort
    nonparametric(lib, min(100_000, voxels))


main()

"""The same steps in CuPy, or in PyTorch where that is what is there: the formulation that a scientist would write.
Usage: cuda_peer.py [VOXELS SUBJECTS SITES]. Prints rows as bench-cuda does; exits 69 without a library or a card."""
import statistics
import sys
import time


def library():
    try:
        import cupy

        cupy.zeros(1)
        return "CuPy " + cupy.__version__, cupy, cupy.float32, cupy.float64, lambda: cupy.cuda.Device().synchronize()
    except Exception:
        pass
    try:
        import torch

        torch.zeros(1, device="cuda")
        torch.set_default_device("cuda")
        return "PyTorch " + torch.__version__, torch, torch.float32, torch.float64, torch.cuda.synchronize
    except Exception:
        sys.exit(69)


def main():
    voxels, subjects, sites = (int(a) for a in (sys.argv[1:4] or (2_000_000, 500, 36)))
    name, xp, single, double, wait = library()
    each, terms = subjects // sites, 3
    values = xp.ones((sites * each, voxels), dtype=single)
    values *= 1.5
    codes = xp.ones((sites * each, terms), dtype=single)
    codes *= 0.5

    def timed(what, work, bytes_moved):
        times = []
        for i in range(8):
            began = time.perf_counter()
            work()
            wait()
            if i:
                times.append(time.perf_counter() - began)
        took = statistics.median(times)
        print(f"{name}: {what}\t{took * 1e3:.6g}\t{bytes_moved / took * 1e-9:.6g}")

    cell_bytes = 4 * sites * each * voxels

    def moments():
        for s in range(sites):
            rows, code = values[s * each : (s + 1) * each], codes[s * each : (s + 1) * each]
            mean = rows.mean(0)
            centred = rows - mean
            (centred * centred).sum(0)
            (code - code.mean(0)).T @ centred

    def adjust():
        beta = xp.zeros((terms, voxels), dtype=single)
        for s in range(sites):
            rows, code = values[s * each : (s + 1) * each], codes[s * each : (s + 1) * each]
            rows += 0.0 * (rows - (1.0 + code @ beta)) - 0.0

    timed("moments", moments, cell_bytes)
    timed("adjust", adjust, 2 * cell_bytes)


main()

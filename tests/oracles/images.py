"""Images by nibabel, for image_test.cpp: `images.py write FOLDER` makes files and what they should read as,
`images.py check FOLDER` compares what was written from them: values, affine and every header field.

Beside each image NAME lie NAME.values (float64, x fastest) and NAME.json (shape, affine).
"""
import json
import pathlib
import subprocess
import sys
import warnings

import nibabel
import numpy

warnings.simplefilter("ignore")
nibabel.imageglobals.logger.setLevel("CRITICAL")
TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]
MGH_TYPES = ["uint8", "int16", "int32", "float32", "uint16"]
OBLIQUE = numpy.array([[-1.9, 0.3, 0.1, 88.5], [0.28, 2.1, -0.4, -120.25], [0.2, 0.5, 2.9, -70.125], [0, 0, 0, 1]])
FREE = {"datatype", "bitpix", "scl_slope", "scl_inter", "cal_min", "cal_max"}  # what writing may change


def rotation():
    """An affine without shears, whose axes are turned and mirrored."""
    q, r = numpy.linalg.qr(OBLIQUE[:3, :3])
    affine = numpy.eye(4)
    affine[:3, :3] = q @ numpy.diag([2.0, 1.5, -2.5]) * numpy.linalg.det(q)
    affine[:3, 3] = [10.5, -20.25, 3.0]
    return affine


def values_for(dtype, shape, seed):
    generator = numpy.random.default_rng(seed)
    if numpy.dtype(dtype).kind == "f":
        return generator.normal(scale=100, size=shape).astype(dtype)
    limits = numpy.iinfo(dtype)
    return generator.integers(limits.min, limits.max, size=shape, dtype=dtype, endpoint=True)


def stored_image(kind, dtype, order, shape, seed):
    header = kind.header_class(endianness=order)
    header.set_data_dtype(numpy.dtype(dtype))
    image = kind(values_for(dtype, shape, seed), None, header)
    header = image.header
    header["descrip"] = b"made by nibabel"
    header["aux_file"] = b"none.txt"
    header["intent_name"] = b"a map"
    header["intent_code"] = 3
    header["intent_p1"], header["intent_p2"], header["intent_p3"] = 12.5, 2, 3
    header["cal_min"], header["cal_max"] = -5, 50
    header["toffset"], header["slice_duration"] = 0.25, 0.5
    header["slice_start"], header["slice_end"], header["slice_code"] = 0, shape[2] - 1, 1
    header["dim_info"] = 0b110110
    header.set_xyzt_units("mm", "sec")
    header["pixdim"][4:] = [2.5, 1, 1, 1]
    return image


def write(image, path):
    """Saves with the slope and the intercept of the header, and the voxels as they are."""
    header = image.header
    with nibabel.openers.Opener(str(path), "wb") as file:
        extensions = header.extensions
        offset = header.single_vox_offset + (extensions.get_sizeondisk() if len(extensions) else 0)
        header["vox_offset"] = offset
        header["magic"] = header.single_magic
        # the base class: nibabel would refuse to write a slope into a header
        file.write(header.binaryblock)
        file.write(bytes([1, 0, 0, 0]) if len(extensions) else bytes(4))
        if len(extensions):
            extensions.write_to(file, header.endianness != nibabel.volumeutils.native_code)
        data = numpy.asanyarray(image.dataobj).astype(header.get_data_dtype())
        file.write(data.tobytes(order="F"))


def expect(path):
    """What the file should read as: said by nibabel, from the file."""
    image = nibabel.load(path)
    values = numpy.asarray(image.dataobj.get_unscaled()).astype("float64")
    values = float(image.dataobj.slope) * values + float(image.dataobj.inter)
    values = values.reshape(values.shape + (1,) * (3 - values.ndim))
    while values.ndim > 3 and values.shape[-1] == 1:
        values = values[..., 0]
    pathlib.Path(f"{path}.values").write_bytes(values.astype("<f8").tobytes(order="F"))
    affine = image.affine[:3].astype(float).ravel().tolist()
    said = {"shape": list(values.shape), "affine": affine, "dtype": image.get_data_dtype().name}
    pathlib.Path(f"{path}.json").write_text(json.dumps(said))


def geometries(image, name):
    """Variants of a header: sform, qform alone, neither, odd slopes."""
    header = image.header
    if name == "sform":
        header.set_sform(OBLIQUE, 4)
        header.set_qform(rotation(), 1)
    elif name == "qform":
        header.set_sform(OBLIQUE, 0)
        header.set_qform(rotation(), 1)
    elif name == "half-turn":
        header.set_sform(None, 0)
        header.set_qform(numpy.diag([-2.0, 2.0, -2.0, 1.0]), 2)
    elif name == "pixdim":
        header.set_sform(None, 0)
        header.set_qform(None, 0)
        header["pixdim"][1:4] = [2, 3, 4]
    elif name == "zero-qfac":
        header.set_sform(None, 0)
        header.set_qform(numpy.diag([2.0, 2.0, 2.0, 1.0]), 2)
        header["pixdim"][0] = 0
    elif name == "zero-pixdim":
        header.set_sform(None, 0)
        header.set_qform(None, 0)
        header["pixdim"][1:4] = [2, 0, -4]


def write_all(folder):
    kinds = {"n1": nibabel.Nifti1Image, "n2": nibabel.Nifti2Image}
    seed = 0
    for version, kind in kinds.items():
        for order in "<>":
            for dtype in TYPES:
                for shape in [(5, 4, 3), (4, 3, 2, 3)]:
                    seed += 1
                    image = stored_image(kind, dtype, order, shape, seed)
                    geometries(image, "sform")
                    if seed % 3 == 0:
                        image.header["scl_slope"], image.header["scl_inter"] = 0.125, -3
                    if seed % 4 == 0:
                        image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", b"a comment " * seed))
                        image.header.extensions.append(nibabel.nifti1.Nifti1Extension("afni", b"<xml/>"))
                    side = "big" if order == ">" else "little"
                    ending = ".nii.gz" if seed % 2 else ".nii"
                    write(image, folder / f"{version}-{side}-{dtype}-{len(shape)}d{ending}")
            for name in ["qform", "half-turn", "pixdim", "zero-qfac", "zero-pixdim"]:
                image = stored_image(kind, "int16", order, (5, 4, 3), 7)
                geometries(image, name)
                write(image, folder / f"{version}-{'big' if order == '>' else 'little'}-{name}.nii")
            for name, slope, inter in [("zero", 0, 5), ("nan", numpy.nan, 5), ("inf", numpy.inf, 5), ("small", 1e-3, 1e3)]:
                image = stored_image(kind, "int16", order, (5, 4, 3), 8)
                geometries(image, "sform")
                image.header["scl_slope"], image.header["scl_inter"] = slope, inter
                write(image, folder / f"{version}-{'big' if order == '>' else 'little'}-slope-{name}.nii.gz")
        for shape in [(6,), (6, 5), (6, 5, 1), (5, 4, 3, 1), (5, 4, 3, 1, 1)]:
            image = stored_image(kind, "float32", "<", shape + (1,) * (3 - len(shape)), 9)
            image.header.set_data_shape(shape)
            geometries(image, "pixdim")
            write(image, folder / f"{version}-shape-{len(shape)}-{shape[-1]}.nii.gz")
    for dtype in MGH_TYPES:
        for shape in [(5, 4, 3), (4, 3, 2, 3)]:
            seed += 1
            affine = OBLIQUE if seed % 2 else rotation()
            image = nibabel.MGHImage(values_for(dtype, shape, seed), affine)
            image.header["tr"], image.header["te"], image.header["dof"] = 2000, 30, 1
            nibabel.save(image, folder / f"mgh-{dtype}-{len(shape)}d.{'mgz' if seed % 2 else 'mgh'}")
    # Saved by nibabel itself, scaling and all.
    smooth = numpy.linspace(-3, 40, 60).reshape(5, 4, 3)
    scaled = nibabel.Nifti1Image(smooth, OBLIQUE)
    scaled.set_data_dtype("int16")
    nibabel.save(scaled, folder / "n1-saved.nii.gz")
    for path in sorted(folder.iterdir()):
        if path.suffix in (".nii", ".gz", ".mgh", ".mgz"):
            expect(path)


def header_in(path):
    """The header as the file has it: what nibabel makes of it for an image has lost the scaling."""
    kind = type(nibabel.load(path)).header_class
    with nibabel.openers.ImageOpener(str(path)) as file:
        return kind.from_fileobj(file)


def differences(original, written):
    """What differs though it must not. `written` is named NAME.TYPE.ENDING or so, and was made like `original`."""
    wanted = json.loads(pathlib.Path(f"{original}.json").read_text())
    try:
        image = nibabel.load(written)
        values = numpy.asarray(image.dataobj)
    except Exception as error:
        return [f"does not open: {error}"]
    found = []
    data = numpy.frombuffer(pathlib.Path(f"{original}.values").read_bytes()).reshape(wanted["shape"], order="F")
    stored = image.get_data_dtype()
    squeezed = values.reshape(wanted["shape"], order="F") if values.size == data.size else None
    if squeezed is None:
        found.append(f"shape {values.shape}")
    elif stored.kind == "f" and not numpy.array_equal(squeezed, data.astype(stored)):
        found.append("values")
    elif stored.kind != "f" and not numpy.array_equal(squeezed.astype("float64"), numpy.rint(data)):
        found.append("values")
    if not numpy.allclose(image.affine[:3].ravel(), wanted["affine"], rtol=2e-6, atol=2e-5):
        found.append(f"affine {image.affine}")
    before, after = header_in(original), header_in(written)
    same_family = type(before).__name__[:3] == type(after).__name__[:3]
    if not same_family:
        return found
    if type(before) is not type(after):
        return found + ["another version of the header"]
    if isinstance(after, nibabel.freesurfer.mghformat.MGHHeader):
        for field in after.keys():
            if field not in ("type", "goodRASFlag") and not numpy.array_equal(before[field], after[field]):
                found.append(f"{field}: {before[field]} became {after[field]}")
        return found
    if after.endianness != "<":
        found.append("not little-endian")
    for field in after.keys():
        if field in FREE or field in ("pixdim",):
            continue
        # a header that nibabel has put right while reading is compared as it has put it right
        if not numpy.array_equal(before[field], after[field]):
            found.append(f"{field}: {before[field]} became {after[field]}")
    if not numpy.allclose(before["pixdim"], after["pixdim"]):
        found.append("pixdim")
    if after["scl_slope"] != 1 or after["scl_inter"] != 0:
        found.append(f"scaling {after['scl_slope']}, {after['scl_inter']}")
    if after["cal_min"] != 0 or after["cal_max"] != 0:
        found.append("cal_min, cal_max")
    if [(e.get_code(), e.get_content()) for e in before.extensions] != [
        (e.get_code(), e.get_content()) for e in after.extensions
    ]:
        found.append("extensions")
    return found


def nifti_tool_faults(path):
    """Of version 2 it has no check: there it must at least find the right number of voxels."""

    def said(*arguments):
        ran = subprocess.run(["nifti_tool", *arguments, "-infiles", str(path)], capture_output=True, text=True)
        return ran.stdout + ran.stderr

    image = nibabel.load(path)
    if type(image) is nibabel.Nifti1Image:
        answers = [said("-check_hdr"), said("-check_nim")]
        return [f"{path.name}: nifti_tool: {answer}" for answer in answers if "IS GOOD" not in answer]
    answer = said("-disp_nim", "-field", "nvox", "-quiet")
    return [] if str(numpy.prod(image.shape)) in answer.split() else [f"{path.name}: nifti_tool: {answer}"]


def check_all(folder):
    faults, count = [], 0
    for written in sorted((folder / "written").iterdir()):
        original = folder / written.name.split("@")[0]
        faults += [f"{written.name}: {what}" for what in differences(original, written)]
        count += 1
        if written.name.endswith((".nii", ".nii.gz")):
            faults += nifti_tool_faults(written)
    print("\n".join(faults) if faults else f"{count} images are as they should be")
    return 1 if faults else 0


if __name__ == "__main__":
    command, place = sys.argv[1], pathlib.Path(sys.argv[2])
    sys.exit(write_all(place) if command == "write" else check_all(place))

// tare-freesurfer: statistics and tables of several subjects, what is absent, and what is refused.
#include <fstream>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fault.hpp"
#include "support/places.hpp"
#include "support/temporary_directory.hpp"
#include "workplace.hpp"

using namespace tare;
using test::check_faults;
using test::Workplace;

namespace {

const std::string aseg_head =
    "# Title Segmentation Statistics \n# Measure EstimatedTotalIntraCranialVol, eTIV, Estimated Total Intracranial Volume, "
    "1500000.5, mm^3\n# Measure lhSurfaceHoles, lhSurfaceHoles, Number of defect holes, 0, unitless\n# TableCol  4 Units    "
    " mm^3\n"
    "# NRows 2 \n# ColHeaders  Index SegId NVoxels Volume_mm3 StructName normMean normStdDev normMin normMax normRange  \n";

std::string aparc(const std::string& side) {
    return "# hemi " + side + "\n# AnnotationFile ../label/" + side + ".aparc.annot" +
           "\n# Measure Cortex, NumVert, Number of Vertices, 300, unitless\n# Measure Cortex, MeanThickness, Mean "
           "Thickness, 2.5, "
           "mm\n# TableCol  3 Units     mm^2\n# ColHeaders StructName NumVert SurfArea GrayVol ThickAvg ThickStd MeanCurv "
           "GausCurv "
           "FoldInd CurvInd\nbankssts 100 60 150 2.25 0.5 0.1 0.02 6 1.0\ncuneus 200 90 250 2.75 0.4 0.1 0.02 6 1.0\n";
}

void put(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

/// Two subjects; the second has no vessel and no right side.
void put_subjects(const std::filesystem::path& folder) {
    put(folder / "fs/s1/stats/aseg.stats",
        aseg_head +
            "  1  17 4077 4077.4 Left-Hippocampus 52.1 10.3 15 91 76\n  2  30 133 133.0 Left-vessel 65 15 21 94 73\n");
    put(folder / "fs/s2/stats/aseg.stats",
        aseg_head + "  1  17 4000 4000.1 Left-Hippocampus 50 10 15 91 76\n  2  30 0 0.0 Left-vessel 0 0 0 0 0\n");
    put(folder / "fs/s1/stats/lh.aparc.stats", aparc("lh"));
    put(folder / "fs/s1/stats/rh.aparc.stats", aparc("rh"));
    put(folder / "fs/s2/stats/lh.aparc.stats", aparc("lh"));
    put(folder / "fs/fsaverage/stats/aseg.stats", "");
}

}  // namespace

TEST_CASE("freesurfer: one wide table with units, n/a for what is absent", "[freesurfer]") {
    const Workplace place;
    put_subjects(place.folder());
    const test::Finished finished =
        place.shell("tare-freesurfer --subjects-dir fs --measures thickness,volume --quiet --output t.tsv");
    CHECK(finished.code == 0);
    CHECK(finished.err == "tare-freesurfer: warning: n/a, as there is no such file: fs/s2/stats/rh.aparc.stats\n");
    CHECK(place.read("t.tsv") ==
          "participant_id\teTIV_mm3\tlhSurfaceHoles\tLeft-Hippocampus_volume_mm3\tLeft-vessel_volume_mm3\tlh_MeanThickness_"
          "mm\t"
          "lh_bankssts_thickness_mm\tlh_bankssts_volume_mm3\tlh_cuneus_thickness_mm\tlh_cuneus_volume_mm3\trh_MeanThickness_"
          "mm\t"
          "rh_bankssts_thickness_mm\trh_bankssts_volume_mm3\trh_cuneus_thickness_mm\trh_cuneus_volume_mm3\n"
          "s1\t1500000.5\t0\t4077.4\t133\t2.5\t2.25\t150\t2.75\t250\t2.5\t2.25\t150\t2.75\t250\n"
          "s2\t1500000.5\t0\t4000.1\tn/a\t2.5\t2.25\t150\t2.75\t250\tn/a\tn/a\tn/a\tn/a\tn/a\n");
    CHECK(nlohmann::json::parse(place.read("t.tsv.json")).at("inputs").size() == 5);

    place.write("people.tsv", "who\tage\ns2\t30\ns1\t20\n");
    CHECK(place.succeed("tare-freesurfer --stats 'fs/{participant_id}/stats/lh.aparc.stats' --measures thickness --quiet "
                        "--participants people.tsv --threads 1 | cut -f 1-3") ==
          "who\tlh_MeanThickness_mm\tlh_bankssts_thickness_mm\ns2\t2.5\t2.25\ns1\t2.5\t2.25\n");
    CHECK(place.succeed("SUBJECTS_DIR=fs tare-freesurfer --stats aseg --measures mean,voxels --subjects s1 --quiet") ==
          "participant_id\teTIV_mm3\tlhSurfaceHoles\tLeft-Hippocampus_voxels\tLeft-Hippocampus_mean\tLeft-vessel_voxels\t"
          "Left-vessel_mean\ns1\t1500000.5\t0\t4077\t52.1\t133\t65\n");
    CHECK(place.succeed("tare-freesurfer --subjects-dir fs --stats aseg --shard 2/2 --quiet | cut -f 1,5") ==
          "participant_id\tLeft-vessel_volume_mm3\ns2\tn/a\n");
}

TEST_CASE("freesurfer: tables of asegstats2table and aparcstats2table", "[freesurfer]") {
    const Workplace place;
    place.write(
        "aseg.tsv",
        "Measure:volume\tLeft-Hippocampus\tLeft-vessel\tBrainSegVolNotVent\tSurfaceHoles\tEstimatedTotalIntraCranialVol\n"
        "s1\t4077.4\t0.0\t1195653.0\t0\t1601016.378\ns2\t4000.0\t31.0\t1200000.0\t3\t1500000.0\n");
    place.write("lh.tsv",
                "lh.aparc.thickness\tlh_bankssts_thickness\tlh_cuneus_thickness\tlh_MeanThickness_"
                "thickness\tBrainSegVolNotVent\teTIV\n"
                "s2\t2.25\t0.0\t2.5\t1200000.0\t1500000.0\ns1\t2.3\t2.7\t2.4\t1195653.0\t1601016.37809\n");
    CHECK(place.succeed("tare-freesurfer --tables aseg.tsv,lh.tsv --quiet") ==
          "participant_id\tLeft-Hippocampus_volume_mm3\tLeft-vessel_volume_mm3\tBrainSegVolNotVent_mm3\tSurfaceHoles\teTIV_"
          "mm3\t"
          "lh_bankssts_thickness_mm\tlh_cuneus_thickness_mm\tlh_MeanThickness_mm\n"
          "s1\t4077.4\tn/a\t1195653\t0\t1601016.378\t2.3\t2.7\t2.4\n"
          "s2\t4000\t31\t1200000\t3\t1500000\t2.25\tn/a\t2.5\n");
}

TEST_CASE("freesurfer: parcellations of a few areas, regions that others have, eTIV in files of surfaces", "[freesurfer]") {
    const Workplace place;
    put_subjects(place.folder());
    const std::string partial =
        "sed -i 's/aparc.annot/BA_exvivo.annot/; /^bankssts/d' fs/s2/stats/lh.aparc.stats; "
        "sed -i '1i # Measure EstimatedTotalIntraCranialVol, eTIV, Volume, 1500000.5, mm^3' "
        "fs/s1/stats/lh.aparc.stats";
    place.succeed(partial);
    const test::Finished finished =
        place.shell("tare-freesurfer --stats 'fs/{participant_id}/stats/lh.aparc.stats' --measures thickness --quiet");
    CHECK(finished.out ==
          "participant_id\teTIV_mm3\tlh_MeanThickness_mm\tlh_bankssts_thickness_mm\tlh_cuneus_thickness_mm\n"
          "s1\t1500000.5\t2.5\t2.25\t2.75\ns2\tn/a\t2.5\tn/a\t2.75\n");
    CHECK(finished.err ==
          "tare-freesurfer: warning: fs/s2/stats/lh.aparc.stats: n/a, as it lacks what others have: bankssts\n");
}

TEST_CASE("freesurfer: bad input", "[freesurfer]") {
    const test::TemporaryDirectory example;
    put_subjects(example.path());
    const std::string read = "tare-freesurfer --subjects-dir fs --subjects s1", aseg = "fs/s1/stats/aseg.stats";
    const std::string edit = "sed -i '", in_aseg = "' " + aseg;
    check_faults(
        {
            {"", "tare-freesurfer --subjects-dir none", 66, "none: no such folder"},
            {"mkdir void", "tare-freesurfer --subjects-dir void", 66,
             "no file fits 'void/{participant_id}/stats/aseg.stats'",
             "--subjects-dir is the folder that holds the subjects' folders"},
            {"unset SUBJECTS_DIR", "tare-freesurfer --subjects s1", 64,
             "--subjects-dir is not given, and SUBJECTS_DIR is not set",
             "or give patterns, as in --stats 'fs/{participant_id}/stats/aseg.stats'"},
            {"", "tare-freesurfer --subjects-dir fs --subjects s4", 66,
             "--subjects: there is nothing of 's4' in fs/{participant_id}/stats/aseg.stats", "did you mean 's1'?"},
            {"", "tare-freesurfer --subjects-dir fs --subjects s1,s1", 65, "--subjects: subject 's1' is there twice"},
            {"", read + " --measures thicknes", 64, "--measures: 'thicknes' is no measure of FreeSurfer",
             "did you mean 'thickness'?"},
            {"", read + " --tables x.tsv", 64, "--subjects-dir does not go with --tables"},
            {": > " + aseg, read, 65, aseg + ": the file is empty"},
            {"truncate -s -3 " + aseg, read, 65, aseg + ": cut short: the last line does not end", "copy the file again"},
            {edit + "$d" + in_aseg, read, 65, aseg + ": cut short: announces 2 rows, holds 1",
             "copy the file again, or run recon-all to its end"},
            {edit + "$d' fs/s1/stats/lh.aparc.stats", read, 65,
             "fs/s1/stats/lh.aparc.stats: cut short: its regions have 100 of the cortex's 300 vertices",
             "copy the file again, or run recon-all to its end"},
            {edit + "s/4077[.]4/x/" + in_aseg, read, 65, aseg + ":7: Volume_mm3: 'x' is not a number",
             "the file is damaged, or was changed by hand"},
            {edit + "s/4077[.]4//" + in_aseg, read, 65, aseg + ":7: 9 cells, the header names 10",
             "the file is cut short or damaged"},
            {edit + "s/Left-vessel/Left-Hippocampus/" + in_aseg, read, 65,
             aseg + ":8: 'Left-Hippocampus' stands in the file twice"},
            {edit + "/ColHeaders/d" + in_aseg, read, 65, aseg + ":6: a region before '# ColHeaders'"},
            {edit + "s/mm^3$/cm^3/" + in_aseg, read, 65, aseg + ": Volume_mm3 is in cm^3, not in mm^3"},
            {"printf 'Measure:volume\\tCSF\\ns1\\tbig\\n' > a.tsv", "tare-freesurfer --tables a.tsv", 65,
             "a.tsv:2: column 'CSF': 'big' is not a number"},
            {"printf 'Measure:volume\\teTIV\\ns1\\t5\\n' > a.tsv; printf 'Measure:mean\\teTIV\\ns1\\t6\\n' > b.tsv",
             "tare-freesurfer --tables a.tsv,b.tsv", 65, "b.tsv: eTIV_mm3 of 's1' is not what another file says of it",
             "give files of one run of recon-all, and parcellations that name a region alike one at a time"},
        },
        example.path());
}

TEST_CASE("freesurfer: a real subject", "[freesurfer]") {
    const auto shared = test::shared_folder();
    if (!shared || !std::filesystem::exists(*shared / "data/freesurfer")) {
        return test::skip("../shared/data/freesurfer is not there");
    }
    const Workplace place;
    const std::string table = place.succeed("tare-freesurfer --subjects-dir '" + (*shared / "data/freesurfer").string() +
                                            "' --stats aseg,aparc,aparc.a2009s,wmparc --quiet");
    std::istringstream lines(table);
    std::string header, row, name, cell;
    std::getline(lines, header);
    std::getline(lines, row);
    std::map<std::string, std::string> values;
    std::istringstream names(header), cells(row);
    while (std::getline(names, name, '\t') && std::getline(cells, cell, '\t')) values[name] = cell;
    CHECK(values["participant_id"] == "sub001");
    CHECK(values["eTIV_mm3"] == "1601016.378088");
    CHECK(values["Left-Hippocampus_volume_mm3"] == "4077.4");
    CHECK(values["lh_bankssts_thickness_mm"] == "2.319");
    CHECK(values["rh_insula_volume_mm3"] == "6327");
    CHECK(values["lh_MeanThickness_mm"] == "2.24904");
    CHECK(values["Left-WM-hypointensities_volume_mm3"] == "n/a");
    CHECK(values.contains("lh_S_temporal_transverse_area_mm2"));
    CHECK(values.contains("wm-rh-insula_volume_mm3"));
    CHECK(values.size() > 700);
}

// FreeSurfer's labels, as facts: numbers and names of FreeSurferColorLUT.txt, and which parcels make a lobe.
#include "tare/imaging/freesurfer_labels.hpp"

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace tare::imaging {
namespace {

using Label = std::int32_t;

/// Parcels of Desikan et al. (2006) in the order of their numbers, from 0: cortex is 1000 (left) and 2000 (right) beyond
/// them, the white matter under it 3000 and 4000.
constexpr auto desikan_killiany = std::to_array<std::string_view>({"unknown",
                                                                   "bankssts",
                                                                   "caudalanteriorcingulate",
                                                                   "caudalmiddlefrontal",
                                                                   "corpuscallosum",
                                                                   "cuneus",
                                                                   "entorhinal",
                                                                   "fusiform",
                                                                   "inferiorparietal",
                                                                   "inferiortemporal",
                                                                   "isthmuscingulate",
                                                                   "lateraloccipital",
                                                                   "lateralorbitofrontal",
                                                                   "lingual",
                                                                   "medialorbitofrontal",
                                                                   "middletemporal",
                                                                   "parahippocampal",
                                                                   "paracentral",
                                                                   "parsopercularis",
                                                                   "parsorbitalis",
                                                                   "parstriangularis",
                                                                   "pericalcarine",
                                                                   "postcentral",
                                                                   "posteriorcingulate",
                                                                   "precentral",
                                                                   "precuneus",
                                                                   "rostralanteriorcingulate",
                                                                   "rostralmiddlefrontal",
                                                                   "superiorfrontal",
                                                                   "superiorparietal",
                                                                   "superiortemporal",
                                                                   "supramarginal",
                                                                   "frontalpole",
                                                                   "temporalpole",
                                                                   "transversetemporal",
                                                                   "insula"});

/// Parcels of Destrieux et al. (2010) in the order of their numbers, from 1: 11100 (left) and 12100 (right) beyond them.
constexpr auto destrieux = std::to_array<std::string_view>({"G_and_S_frontomargin",
                                                            "G_and_S_occipital_inf",
                                                            "G_and_S_paracentral",
                                                            "G_and_S_subcentral",
                                                            "G_and_S_transv_frontopol",
                                                            "G_and_S_cingul-Ant",
                                                            "G_and_S_cingul-Mid-Ant",
                                                            "G_and_S_cingul-Mid-Post",
                                                            "G_cingul-Post-dorsal",
                                                            "G_cingul-Post-ventral",
                                                            "G_cuneus",
                                                            "G_front_inf-Opercular",
                                                            "G_front_inf-Orbital",
                                                            "G_front_inf-Triangul",
                                                            "G_front_middle",
                                                            "G_front_sup",
                                                            "G_Ins_lg_and_S_cent_ins",
                                                            "G_insular_short",
                                                            "G_occipital_middle",
                                                            "G_occipital_sup",
                                                            "G_oc-temp_lat-fusifor",
                                                            "G_oc-temp_med-Lingual",
                                                            "G_oc-temp_med-Parahip",
                                                            "G_orbital",
                                                            "G_pariet_inf-Angular",
                                                            "G_pariet_inf-Supramar",
                                                            "G_parietal_sup",
                                                            "G_postcentral",
                                                            "G_precentral",
                                                            "G_precuneus",
                                                            "G_rectus",
                                                            "G_subcallosal",
                                                            "G_temp_sup-G_T_transv",
                                                            "G_temp_sup-Lateral",
                                                            "G_temp_sup-Plan_polar",
                                                            "G_temp_sup-Plan_tempo",
                                                            "G_temporal_inf",
                                                            "G_temporal_middle",
                                                            "Lat_Fis-ant-Horizont",
                                                            "Lat_Fis-ant-Vertical",
                                                            "Lat_Fis-post",
                                                            "Medial_wall",
                                                            "Pole_occipital",
                                                            "Pole_temporal",
                                                            "S_calcarine",
                                                            "S_central",
                                                            "S_cingul-Marginalis",
                                                            "S_circular_insula_ant",
                                                            "S_circular_insula_inf",
                                                            "S_circular_insula_sup",
                                                            "S_collat_transv_ant",
                                                            "S_collat_transv_post",
                                                            "S_front_inf",
                                                            "S_front_middle",
                                                            "S_front_sup",
                                                            "S_interm_prim-Jensen",
                                                            "S_intrapariet_and_P_trans",
                                                            "S_oc_middle_and_Lunatus",
                                                            "S_oc_sup_and_transversal",
                                                            "S_occipital_ant",
                                                            "S_oc-temp_lat",
                                                            "S_oc-temp_med_and_Lingual",
                                                            "S_orbital_lateral",
                                                            "S_orbital_med-olfact",
                                                            "S_orbital-H_Shaped",
                                                            "S_parieto_occipital",
                                                            "S_pericallosal",
                                                            "S_postcentral",
                                                            "S_precentral-inf-part",
                                                            "S_precentral-sup-part",
                                                            "S_suborbital",
                                                            "S_subparietal",
                                                            "S_temporal_inf",
                                                            "S_temporal_sup",
                                                            "S_temporal_transverse"});

constexpr auto subcortical = std::to_array<std::pair<Label, std::string_view>>({{2, "Left-Cerebral-White-Matter"},
                                                                                {3, "Left-Cerebral-Cortex"},
                                                                                {4, "Left-Lateral-Ventricle"},
                                                                                {5, "Left-Inf-Lat-Vent"},
                                                                                {7, "Left-Cerebellum-White-Matter"},
                                                                                {8, "Left-Cerebellum-Cortex"},
                                                                                {9, "Left-Thalamus"},
                                                                                {10, "Left-Thalamus-Proper"},
                                                                                {11, "Left-Caudate"},
                                                                                {12, "Left-Putamen"},
                                                                                {13, "Left-Pallidum"},
                                                                                {14, "3rd-Ventricle"},
                                                                                {15, "4th-Ventricle"},
                                                                                {16, "Brain-Stem"},
                                                                                {17, "Left-Hippocampus"},
                                                                                {18, "Left-Amygdala"},
                                                                                {24, "CSF"},
                                                                                {26, "Left-Accumbens-area"},
                                                                                {28, "Left-VentralDC"},
                                                                                {29, "Left-undetermined"},
                                                                                {30, "Left-vessel"},
                                                                                {31, "Left-choroid-plexus"},
                                                                                {41, "Right-Cerebral-White-Matter"},
                                                                                {42, "Right-Cerebral-Cortex"},
                                                                                {43, "Right-Lateral-Ventricle"},
                                                                                {44, "Right-Inf-Lat-Vent"},
                                                                                {46, "Right-Cerebellum-White-Matter"},
                                                                                {47, "Right-Cerebellum-Cortex"},
                                                                                {48, "Right-Thalamus"},
                                                                                {49, "Right-Thalamus-Proper"},
                                                                                {50, "Right-Caudate"},
                                                                                {51, "Right-Putamen"},
                                                                                {52, "Right-Pallidum"},
                                                                                {53, "Right-Hippocampus"},
                                                                                {54, "Right-Amygdala"},
                                                                                {58, "Right-Accumbens-area"},
                                                                                {60, "Right-VentralDC"},
                                                                                {61, "Right-undetermined"},
                                                                                {62, "Right-vessel"},
                                                                                {63, "Right-choroid-plexus"},
                                                                                {72, "5th-Ventricle"},
                                                                                {77, "WM-hypointensities"},
                                                                                {78, "Left-WM-hypointensities"},
                                                                                {79, "Right-WM-hypointensities"},
                                                                                {80, "non-WM-hypointensities"},
                                                                                {81, "Left-non-WM-hypointensities"},
                                                                                {82, "Right-non-WM-hypointensities"},
                                                                                {85, "Optic-Chiasm"},
                                                                                {192, "Corpus_Callosum"},
                                                                                {251, "CC_Posterior"},
                                                                                {252, "CC_Mid_Posterior"},
                                                                                {253, "CC_Central"},
                                                                                {254, "CC_Mid_Anterior"},
                                                                                {255, "CC_Anterior"},
                                                                                {5001, "Left-UnsegmentedWhiteMatter"},
                                                                                {5002, "Right-UnsegmentedWhiteMatter"}});

constexpr Label left_cortex = 1000, right_cortex = 2000, left_white = 3000, right_white = 4000, left_destrieux = 11100,
                right_destrieux = 12100;

data::LabelNames all_names() {
    data::LabelNames names;
    for (const auto& [label, name] : subcortical) names.emplace(label, name);
    const auto add = [&names](Label first, std::span<const std::string_view> parcels, const std::string& start) {
        for (std::size_t i = 0; i < parcels.size(); ++i) {
            names.emplace(first + static_cast<Label>(i), start + std::string(parcels[i]));
        }
    };
    add(left_cortex, desikan_killiany, "ctx-lh-");
    add(right_cortex, desikan_killiany, "ctx-rh-");
    add(left_white, desikan_killiany, "wm-lh-");
    add(right_white, desikan_killiany, "wm-rh-");
    add(left_destrieux + 1, destrieux, "ctx_lh_");
    add(right_destrieux + 1, destrieux, "ctx_rh_");
    return names;
}

struct Region {
    std::string_view name;
    std::vector<Label> parcels;
};

/// The lobes of Marzi et al. (fractalbrain-toolkit) as parcels of Desikan–Killiany.
const std::array<Region, 6>& regions() {
    static const std::array<Region, 6> all{{{"frontal", {3, 12, 14, 17, 18, 19, 20, 24, 27, 28, 32}},
                                            {"parietal", {8, 22, 25, 29, 31}},
                                            {"temporal", {1, 6, 7, 9, 15, 16, 30, 33, 34}},
                                            {"occipital", {5, 11, 13, 21}},
                                            {"cingulate", {2, 10, 23, 26}},
                                            {"insula", {35}}}};
    return all;
}

data::LabelGroup lobe(const Region& region, bool left) {
    data::LabelGroup group{(left ? "left_" : "right_") + std::string(region.name) + "_gm", {}};
    for (const Label parcel : region.parcels) group.labels.push_back((left ? left_cortex : right_cortex) + parcel);
    return group;
}

std::vector<data::LabelGroup> lobes() {
    std::vector<data::LabelGroup> out;
    for (const bool left : {true, false}) {
        for (const Region& region : regions()) out.push_back(lobe(region, left));
    }
    return out;
}

std::vector<data::LabelGroup> tissues_of(bool left, bool parcellated) {
    std::vector<Label> cortex{left ? 3 : 42};
    if (parcellated) {
        cortex.clear();
        for (const Region& region : regions()) {
            const data::LabelGroup part = lobe(region, left);
            cortex.insert(cortex.end(), part.labels.begin(), part.labels.end());
        }
        for (std::size_t i = 0; i < destrieux.size(); ++i) {
            if (destrieux[i] == "Medial_wall") continue;
            cortex.push_back((left ? left_destrieux : right_destrieux) + 1 + static_cast<Label>(i));
        }
    }
    std::vector<Label> white{left ? 2 : 41, left ? 5001 : 5002};
    for (std::size_t i = 0; i < desikan_killiany.size(); ++i) {
        white.push_back((left ? left_white : right_white) + static_cast<Label>(i));
    }
    return {{"cerebral_gm", cortex},
            {"cerebral_wm", white},
            {"cerebellar_gm", {left ? 8 : 47}},
            {"cerebellar_wm", {left ? 7 : 46}}};
}

}  // namespace

const data::LabelNames& freesurfer_names() {
    static const data::LabelNames names = all_names();
    return names;
}

std::span<const std::string> freesurfer_group_sets() {
    static const std::array<std::string, 3> sets{"tissues", "hemispheres", "lobes"};
    return sets;
}

std::vector<data::LabelGroup> freesurfer_groups(const std::string& set, bool parcellated) {
    if (set == "lobes") return lobes();
    std::vector<data::LabelGroup> left = tissues_of(true, parcellated), right = tissues_of(false, parcellated);
    if (set == "tissues") {
        for (std::size_t i = 0; i < left.size(); ++i) {
            left[i].labels.insert(left[i].labels.end(), right[i].labels.begin(), right[i].labels.end());
        }
        return left;
    }
    if (set != "hemispheres") throw std::logic_error("no set of groups is called " + set);
    for (data::LabelGroup& group : left) group.name.insert(0, "left_");
    for (data::LabelGroup& group : right) {
        group.name.insert(0, "right_");
        left.push_back(std::move(group));
    }
    return left;
}

}  // namespace tare::imaging

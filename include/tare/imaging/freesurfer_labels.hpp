// The labels of FreeSurfer's segmentations (aseg, ribbon, aparc+aseg, aparc.a2009s+aseg, wmparc): names, and tissues,
// hemispheres and lobes made of them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tare/data/label_names.hpp"

namespace tare::imaging {

/// Names as in FreeSurferColorLUT.txt (FreeSurfer 5.3): "Left-Hippocampus", "ctx-lh-bankssts", "wm-rh-cuneus".
[[nodiscard]] const data::LabelNames& freesurfer_names();

/// "tissues", "hemispheres", "lobes".
[[nodiscard]] std::span<const std::string> freesurfer_group_sets();

/// The structures of one of those sets:
/// - tissues: cerebral_gm, cerebral_wm, cerebellar_gm, cerebellar_wm;
/// - hemispheres: the same on each side, left_cerebral_gm, …;
/// - lobes: the grey matter of six regions on each side, left_frontal_gm, … (frontal, parietal, temporal, occipital,
///   cingulate, insula), whose union is the cerebral grey matter of the other two sets.
/// White matter is that of an aseg (2, 41) and of a wmparc. `parcellated`: the cortex has the labels of a parcellation,
/// Desikan and Killiany's (aparc+aseg, wmparc) or Destrieux's (aparc.a2009s+aseg), which has no lobes; else those of an aseg
/// or ribbon, 3 and 42. Throws std::logic_error for another name.
[[nodiscard]] std::vector<data::LabelGroup> freesurfer_groups(const std::string& set, bool parcellated);

}  // namespace tare::imaging

// Writing the truth behind a simulated cohort.
#include "tare/io/simulation_file.hpp"

#include "saved_parts.hpp"

namespace tare::io {

void write_true_parameters(Output& output, const stats::SimulatedCohort& cohort, const stats::SimulationOptions& options) {
    nlohmann::ordered_json json = begin_document("tare-simulation", 1);
    json["seed"] = options.seed;
    json["features"] = cohort.observed.features.names;
    json["sites"] = sites_json(cohort.sites, options.site_sizes);
    json["grand_mean"] = cohort.grand_mean;
    json["sigma"] = cohort.sigma;
    json["coefficients"] = {{"age from 50, per year", cohort.age_effect},
                            {"(age from 50) squared", cohort.age_curve},
                            {"sex=M", cohort.sex_effect},
                            {"diagnosis=patient", cohort.diagnosis_effect}};
    json["gamma"] = matrix_json(cohort.gamma);
    json["delta"] = matrix_json(cohort.delta);
    write_document(output, json);
}

void write_true_parameters(Output& output, const ImageTruth& truth) {
    nlohmann::ordered_json json = begin_document("tare-image-simulation", 1);
    json["seed"] = truth.seed;
    json["sites"] = sites_json(truth.sites, truth.subjects);
    json["noise"] = truth.noise;
    json["white_matter"] = truth.white_matter;
    json["subject_sd"] = truth.subject_sd;
    write_document(output, json);
}

}  // namespace tare::io

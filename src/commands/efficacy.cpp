// tare-efficacy: can the site still be recognised after harmonising, and is what must be kept still there?
#include "cv_guard.hpp"
#include "design_choice.hpp"
#include "device_choice.hpp"
#include "efficacy_record.hpp"
#include "efficacy_tables.hpp"
#include "fitting.hpp"
#include "method_choice.hpp"
#include "option_groups.hpp"
#include "permutation_groups.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"

namespace tare::commands {
namespace {

constexpr data::Index besag_clifford = 10;
constexpr long long most_repetitions = 10'000'000;

struct Counts {
    data::Index folds, repeats, permutations;
};

Counts counts_of(const cli::ParsedOptions& options) {
    const auto within = [&](const std::string& name, long long least, long long most) {
        const long long value = *options.integer(name);
        if (value < least)
            throw base::usage_error("--" + name + ": " + options.text(name) + " is below " + std::to_string(least));
        if (value > most)
            throw base::usage_error("--" + name + ": " + options.text(name) + " is above " + std::to_string(most));
        return static_cast<data::Index>(value);
    };
    if (options.flag("resume") && !options.given("output-dir"))
        throw base::usage_error("--resume needs --output-dir, where what is done is kept");
    if (options.list("site").size() > 1) throw base::usage_error("--site: tare-efficacy takes one batch variable");
    if (*options.integer("seed") < 0) throw base::usage_error("--seed: " + options.text("seed") + " is below 0");
    Counts counts{within("folds", 2, most_repetitions), within("repeats", 1, most_repetitions),
                  within("permutations", 0, most_repetitions)};
    if (counts.permutations > 0 && counts.permutations < learn::least_permutations) {
        throw base::usage_error("--permutations: " + options.text("permutations") + " can give no p below 0.05",
                                "at least " + std::to_string(learn::least_permutations) + ", or 0 to do without a verdict");
    }
    return counts;
}

/// What may make a verdict worth less than it seems.
void warn_of_weakness(const learn::SiteRecognition& recognition, const Counts& counts, base::Log& log) {
    if (2 * recognition.movable() < recognition.people()) {
        log.warn("permutations change the labels of " + std::to_string(recognition.movable()) + " out of " +
                 std::to_string(recognition.people()) + " only, so that they look like the true ones; see --permute-within");
    }
    if (counts.permutations > 0 && counts.repeats < learn::least_repeats) {
        log.warn(base::counted(static_cast<std::size_t>(counts.repeats), "repeat") +
                 " cannot tell whether a site effect that is left is reduced; " + std::to_string(learn::least_repeats) +
                 " can");
    }
}

learn::NewSite policy_of(const cli::ParsedOptions& options) {
    const std::string policy = options.text("unseen-site");
    if (policy == "keep") return learn::NewSite::keep;
    return policy == "estimate" ? learn::NewSite::estimate : learn::NewSite::error;
}

/// What a run writes, opened before anything is read.
class EfficacyResults {
public:
    EfficacyResults(const cli::ParsedOptions& options, cli::Context& context)
        : folder_(options.text("output-dir")),
          record_(folder_),
          goes_on_(options.flag("resume") && record_.is_there()),
          results_(efficacy(), options, context, goes_on_) {
        results_.protect_given({"input", "participants"});
        results_.leave_out({"resume"});
        if (!folder_.empty()) {
            if (record_.is_there() && !goes_on_ && !context.force) {
                throw base::Error(base::ExitCode::cannot_create, record_.path() + ": is of a run that was interrupted",
                                  "--resume goes on with it; --force starts anew");
            }
            check_folder_name(folder_, "results of tare-efficacy", context.force || goes_on_);
            summary_ = &results_.open_in(folder_, "efficacy.tsv");
            repeats_ = &results_.open_in(folder_, "repeats.tsv");
            effects_ = &results_.open_in(folder_, "effects.tsv");
        }
        shown_ = &results_.open("-");
    }

    [[nodiscard]] const RecordFile& record() const noexcept { return record_; }
    [[nodiscard]] bool goes_on() const noexcept { return goes_on_; }

    void write(const CohortInput& input, const learn::RecognitionRecord& record, const learn::Efficacy& efficacy,
               const EffectsOfBoth& effects, std::uint64_t seed, const base::Resources& resources) {
        const TextTable summary = summary_table(efficacy, effects);
        summary.write(*shown_, resources);
        if (summary_ != nullptr) {
            summary.write(*summary_, resources);
            repeats_table(record).write(*repeats_, resources);
            effects_table(input.features, effects).write(*effects_, resources);
        }
        results_.commit(input.files, seed);
        record_.remove();
    }

private:
    std::string folder_;
    RecordFile record_;
    bool goes_on_;
    Results results_;
    io::Output *summary_ = nullptr, *repeats_ = nullptr, *effects_ = nullptr, *shown_ = nullptr;
};

learn::RecognitionPlan plan_of(const CohortInput& input, const cli::ParsedOptions& options, const Counts& counts,
                               const std::vector<GroupingColumn>& columns) {
    learn::RecognitionPlan plan;
    plan.harmonisation = fit_request(input, options);
    if (options.text("probe") == "xgboost") plan.classifier = learn::LearnerSpec{.kind = learn::Kind::xgboost};
    plan.apply.new_site = policy_of(options);
    plan.folds = counts.folds;
    plan.repeats = counts.repeats;
    plan.seed = static_cast<std::uint64_t>(*options.integer("seed"));
    plan.people = people_of(input);
    plan.permute_within = permutation_groups(input.cohort, columns);
    return plan;
}

/// Of the first repeat, in which every row is harmonised by a model that has never seen it.
EffectsOfBoth effects_of_both(const CohortInput& input, const learn::SiteRecognition& recognition,
                              const std::vector<std::string>& covariates, const compute::Backend& backend) {
    base::SilentLog silent;
    const base::Matrix<double> harmonised = recognition.out_of_fold(0, silent);
    const data::Cohort& cohort = input.cohort;
    return {stats::effects_of(cohort, cohort.features.values, input.features, covariates, backend),
            stats::effects_of(cohort, harmonised, input.features, covariates, backend)};
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    const Counts counts = counts_of(options);
    const std::vector<GroupingColumn> columns = grouping_columns(options);
    EfficacyResults results(options, context);
    CohortInput input = read_training_cohort(options, context, Needed::everyone, roles_of(columns));
    load_values(input, options, context.resources);
    if (input.matrix) input.files.insert(input.files.begin(), {options.text("input"), input.matrix->sha256()});

    learn::RecognitionPlan plan = plan_of(input, options, counts, columns);
    const bool trees = plan.classifier.has_value();
    context.log.info(described(input) + "; " + described(plan.harmonisation.method) + "; " +
                     (trees ? learn::described(*plan.classifier) : std::string("linear discriminant analysis")));
    const auto backend = backend_on_device(context, 1);
    const std::vector<std::string> covariates = plan.harmonisation.covariates;
    const learn::SiteRecognition recognition(input.cohort, input.trains, std::move(plan), *backend);
    check_sites(input, positions_of(std::vector<bool>(input.trains.size(), true)), {recognition.folds(), {}}, options,
                context.log);
    warn_of_weakness(recognition, counts, context.log);
    const EffectsOfBoth effects = effects_of_both(input, recognition, covariates, *backend);

    const std::string known_by = fingerprint(input, options);
    learn::RecognitionRecord record(counts.repeats, counts.permutations);
    if (results.goes_on()) results.record().load(known_by, record, context);
    const auto milestone = [&](std::string_view step, double share) {
        results.record().keep(known_by, record, context);
        context.log.progress(step, share);
    };
    learn::observe(recognition, record, context.resources.threads, milestone);
    if (trees) {
        learn::permute_until(recognition, record, besag_clifford, context.resources.threads, milestone);
    } else {
        learn::permute_all(recognition, record, context.resources.threads, milestone);
    }
    const learn::Efficacy efficacy = learn::efficacy_of(record, trees ? std::optional(besag_clifford) : std::nullopt);
    context.log.info("site effect " + std::string(learn::name_of(efficacy.verdict)) + ": " +
                     std::string(learn::meaning_of(efficacy.verdict)));
    results.write(input, record, efficacy, effects, static_cast<std::uint64_t>(*options.integer("seed")), context.resources);
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "efficacy";
    spec.group = "Validate";
    spec.summary = "Test whether the site can still be recognised after harmonising";
    spec.description = {
        "Recognises every subject's site from its features in repeated stratified cross-validations, raw and harmonised "
        "inside the folds, and tells by permutations and over repeats whether the site effect was removed, reduced or "
        "neither (Marzi et al. 2024). Beside it stands what must be kept: the covariates' slopes and share of variance."};
    spec.groups = {table_options(false), feature_options(false), design_options(), method_options()};
    spec.groups.push_back(
        {"Recognition",
         {{"probe",
           OptionKind::choice,
           "KIND",
           "What recognises the site: linear discriminant analysis, or gradient-boosted trees with XGBoost's defaults.",
           "linear",
           false,
           {"linear", "xgboost"}},
          {"folds", OptionKind::integer, "K", "Into how many parts the rows are dealt, evenly by site.", "5"},
          {"repeats", OptionKind::integer, "N", "How often they are dealt anew.", "100"},
          {"permutations", OptionKind::integer, "N",
           "How often the labels that the classifier sees are permuted; the true sites harmonise. With xgboost at most: it "
           "stops when ten have reached the observed accuracy.",
           "5000"},
          {"permute-within", OptionKind::list, "COLUMNS",
           "Permute among rows alike in these columns only, numbers in bins of equal counts, as in 'age:5,sex'."},
          {"seed", OptionKind::integer, "NUMBER", "Of folds and permutations.", "0"},
          {"unseen-site",
           OptionKind::choice,
           "POLICY",
           "Test rows of a site without training rows: refuse, keep as they are, or estimate the site from them.",
           "error",
           false,
           {"error", "keep", "estimate"}}}});
    spec.groups.push_back(
        {"Results",
         {{"output-dir", OptionKind::output, "FOLDER",
           "Also write the table here, every repeat's accuracies, and the effects on every feature."},
          {"resume", OptionKind::flag, "",
           "Go on where a run into --output-dir with the same inputs and options was interrupted; else begin."}}});
    spec.examples = {{"Is the site effect gone, and age still there?",
                      "tare-efficacy --input cohort.tsv --covariates age,sex --repeats 10 --permutations 200 > "
                      "efficacy.tsv"}};
    spec.notes = {
        "A repeat's balanced accuracy is the mean over sites of the share of test rows whose site is recognised. The "
        "permutation p compares its mean over repeats with permutations that see one repeat's folds each, in turn. Those "
        "vary more, which makes p rather too large.",
        "Verdict, at the level 0.05: none found, where neither values give the site away better than chance; removed, where "
        "only raw ones do; reduced, where harmonised ones do, and less than raw ones in a signed-rank test over repeats; "
        "else "
        "not reduced. Repeats share their rows: that test is about this cohort's accuracies, not about another cohort.",
        "Linear discriminant analysis sees sites whose means differ, and nothing else; trees see other differences, too. "
        "Sites whose covariates differ are told apart by what covariates do, which harmonising keeps: --permute-within "
        "makes "
        "that part of chance.",
        "Where a person has several rows (--session), all of them are tested together and keep one label. effects.tsv and "
        "the "
        "medians are of the first repeat, every row harmonised by a model that has never seen it."};
    spec.device = device_that_is_there;
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& efficacy() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands

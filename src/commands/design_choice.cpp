// Parsing the options of the design: "age,icv:k=6:lambda=10", "age=0:100".
#include "design_choice.hpp"

#include <algorithm>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::commands {
namespace {

constexpr data::Index fewest_functions = 4, most_functions = 200;

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t end = text.find(at); end != std::string::npos; end = text.find(at, begin)) {
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    parts.push_back(text.substr(begin));
    return parts;
}

/// One item of --smooth: NAME[:k=N][:lambda=X].
stats::SmoothRequest smooth_request(const std::string& item) {
    const std::vector<std::string> parts = split(item, ':');
    stats::SmoothRequest request{.name = parts.front()};
    if (request.name.empty()) throw base::usage_error("--smooth: an empty name in the list");
    std::vector<std::string> keys;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const std::size_t equals = parts[i].find('=');
        const std::string key = parts[i].substr(0, equals);
        if (std::find(keys.begin(), keys.end(), key) != keys.end())
            throw base::usage_error("--smooth: '" + item + "': " + key + " stands there twice");
        keys.push_back(key);
        const std::string value = equals == std::string::npos ? "" : parts[i].substr(equals + 1);
        if (key == "k") {
            const auto size = base::parse_integer(value);
            if (!size || *size < fewest_functions || *size > most_functions) {
                throw base::usage_error("--smooth: '" + item + "': k is not a whole number from " +
                                            std::to_string(fewest_functions) + " to " + std::to_string(most_functions),
                                        "k counts the basis functions; 10 is the default");
            }
            request.size = static_cast<data::Index>(*size);
        } else if (key == "lambda") {
            request.lambda = base::parse_number(value);
            if (!request.lambda || !(*request.lambda >= 0.0)) {
                throw base::usage_error("--smooth: '" + item + "': lambda is not a number from 0 up",
                                        "0 is no penalty; without lambda REML chooses one for each feature");
            }
        } else {
            throw base::usage_error("--smooth: '" + item + "': '" + parts[i] + "' is neither k=N nor lambda=X",
                                    "as in --smooth age,icv:k=6");
        }
    }
    return request;
}

void add_bounds(std::vector<stats::SmoothRequest>& requests, const std::string& item) {
    const std::size_t equals = item.rfind('=');
    const std::string name = item.substr(0, equals);
    const auto request = std::find_if(requests.begin(), requests.end(), [&](const auto& r) { return r.name == name; });
    if (equals == std::string::npos || request == requests.end()) {
        std::vector<std::string> names;
        for (const auto& r : requests) names.push_back(r.name);
        throw base::usage_error(
            equals == std::string::npos ? "--smooth-bounds: '" + item + "' is not NAME=LOW:HIGH"
                                        : "--smooth-bounds: '" + name + "' is not among the --smooth",
            equals == std::string::npos ? "as in --smooth-bounds age=0:100" : base::did_you_mean(name, names));
    }
    const std::vector<std::string> ends = split(item.substr(equals + 1), ':');
    const auto low = base::parse_number(ends.front()), high = base::parse_number(ends.back());
    if (ends.size() != 2 || !low || !high || !(*low < *high)) {
        throw base::usage_error("--smooth-bounds: '" + item + "': the bounds are not two ascending numbers LOW:HIGH",
                                "as in --smooth-bounds age=0:100");
    }
    if (request->bounds) throw base::usage_error("--smooth-bounds: '" + name + "' stands twice in the list");
    request->bounds = std::pair(*low, *high);
}

/// --scale-covariates, where the command has it.
std::vector<std::string> scale_covariates(const cli::ParsedOptions& options) {
    if (!options.declares("scale-covariates")) return {};
    std::vector<std::string> names = options.list("scale-covariates");
    for (auto name = names.begin(); name != names.end(); ++name) {
        if (name->empty()) throw base::usage_error("--scale-covariates: an empty name in the list");
        if (std::find(names.begin(), name, *name) != name)
            throw base::usage_error("--scale-covariates: '" + *name + "' stands twice in the list");
    }
    return names;
}

}  // namespace

std::vector<stats::SmoothRequest> smooth_requests(const cli::ParsedOptions& options) {
    std::vector<stats::SmoothRequest> requests;
    for (const std::string& item : options.list("smooth")) {
        stats::SmoothRequest request = smooth_request(item);
        if (std::any_of(requests.begin(), requests.end(), [&](const auto& r) { return r.name == request.name; })) {
            throw base::usage_error("--smooth: '" + request.name + "' stands twice in the list");
        }
        requests.push_back(std::move(request));
    }
    for (const std::string& item : options.list("smooth-bounds")) add_bounds(requests, item);
    return requests;
}

std::vector<std::string> mean_covariates(const cli::ParsedOptions& options) {
    std::vector<std::string> names = options.list("covariates");
    for (const stats::SmoothRequest& smooth : smooth_requests(options)) {
        if (std::find(names.begin(), names.end(), smooth.name) == names.end()) names.push_back(smooth.name);
    }
    return names;
}

std::vector<data::CovariateRole> covariate_roles(const cli::ParsedOptions& options) {
    const std::vector<std::string> names = options.list("covariates");
    const std::vector<std::string> categorical = options.list("categorical"), of_spread = scale_covariates(options);
    const std::vector<stats::SmoothRequest> smooths = smooth_requests(options);
    const auto is_smooth = [&](const std::string& name) {
        return std::any_of(smooths.begin(), smooths.end(), [&](const auto& smooth) { return smooth.name == name; });
    };
    for (const std::string& name : categorical) {
        if (is_smooth(name))
            throw base::usage_error("--smooth: '" + name + "' is in --categorical too; a category has no curve");
        std::vector<std::string> known = names;
        known.insert(known.end(), of_spread.begin(), of_spread.end());
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            throw base::usage_error("--categorical: '" + name + "' is not among the --covariates",
                                    base::did_you_mean(name, known));
        }
    }
    const auto kind = [&](const std::string& name) {
        return std::find(categorical.begin(), categorical.end(), name) != categorical.end()
                   ? data::CovariateKind::categorical
                   : data::CovariateKind::automatic;
    };
    std::vector<data::CovariateRole> roles;
    for (const std::string& name : names) {
        if (name.empty()) throw base::usage_error("--covariates: an empty name in the list");
        if (std::any_of(roles.begin(), roles.end(), [&](const auto& role) { return role.name == name; })) {
            throw base::usage_error("--covariates: '" + name + "' stands twice in the list");
        }
        roles.push_back({name, is_smooth(name) ? data::CovariateKind::numeric : kind(name)});
    }
    for (const stats::SmoothRequest& smooth : smooths) {
        if (std::find(names.begin(), names.end(), smooth.name) == names.end()) {
            roles.push_back({smooth.name, data::CovariateKind::numeric});
        }
    }
    for (const std::string& name : of_spread) {
        const bool known = std::any_of(roles.begin(), roles.end(), [&](const auto& role) { return role.name == name; });
        if (!known) roles.push_back({name, kind(name)});
    }
    return roles;
}

std::string covariate_option(const cli::ParsedOptions& options, const std::string& covariate) {
    const auto has = [&](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), covariate) != names.end();
    };
    if (!options.declares("covariates") || has(options.list("covariates"))) return "--covariates";
    if (has(mean_covariates(options))) return "--smooth";
    return options.declares("scale-covariates") && has(options.list("scale-covariates")) ? "--scale-covariates"
                                                                                         : "--covariates";
}

}  // namespace tare::commands

// A small command, and a second one with operands, on which the tests of the command line run.
#pragma once

#include <string>
#include <vector>

#include "tare/cli/command_spec.hpp"

namespace tare::test {

/// tare-weigh: one option of every kind; every text that a document could stumble over. Without a run function.
[[nodiscard]] inline cli::CommandSpec weigh_command() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "weigh";
    spec.group = "Measure";
    spec.summary = "Weigh the patients of a table";
    spec.description = {
        "A paragraph of prose with 'quotes', \"more quotes\", a back\\slash, <structure>_<measure>, *stars*, "
        "a caret ^ and a tilde ~.",
        ".A dot first, then h\u00E9t\u00E9rog\u00E8ne letters.", "'An apostrophe first."};
    spec.groups = {
        {.title = "Input",
         .options = {{.name = "input",
                      .kind = OptionKind::path,
                      .value_name = "FILE",
                      .help = "The table; - is standard input.",
                      .required = true},
                     {.name = "site",
                      .kind = OptionKind::text,
                      .value_name = "NAME",
                      .help = "The column that names the site.",
                      .default_text = "site"},
                     {.name = "covariates", .kind = OptionKind::list, .value_name = "A,B", .help = "Columns to keep."},
                     {.name = "categorical",
                      .kind = OptionKind::list,
                      .value_name = "A,B",
                      .help = "Columns of levels.",
                      .default_text = "sex,hand"},
                     {.name = "train-where",
                      .kind = OptionKind::text,
                      .value_name = "CONDITION",
                      .help = "Rows to learn from.",
                      .default_note = "all rows"}}},
        {.title = "Method",
         .options = {
             {.name = "prior",
              .kind = OptionKind::choice,
              .value_name = "KIND",
              .help = "The prior.",
              .default_text = "parametric",
              .choices = {"parametric", "nonparametric", "none"}},
             {.name = "standardise", .kind = OptionKind::flag, .value_name = {}, .help = "Divide by the scale."},
             {.name = "seed", .kind = OptionKind::integer, .value_name = "N", .help = "The seed.", .default_text = "17"},
             {.name = "tolerance", .kind = OptionKind::number, .value_name = "X", .help = "When to stop."},
             {.name = "model", .kind = OptionKind::output, .value_name = "FILE", .help = "The model to write."}}}};
    spec.examples = {
        {"Weigh everybody", "tare-weigh --input cohort.tsv --model model.json"},
        {"Weigh the controls, in a command too long for one line.",
         "tare-weigh --input cohort.tsv --train-where 'group == --control || group == --sibling' --prior none"}};
    spec.notes = {"-5 is a number; 1. is a number too."};
    return spec;
}

/// tare-organise: takes files as operands and needs no option.
[[nodiscard]] inline cli::CommandSpec organise_command() {
    cli::CommandSpec spec;
    spec.verb = "organise";
    spec.group = "Look";
    spec.summary = "Put files in order";
    spec.description = {"Puts files in order."};
    spec.groups = {{.title = "Output",
                    .options = {{.name = "output",
                                 .kind = cli::OptionKind::output,
                                 .value_name = "FILE",
                                 .help = "The list to write.",
                                 .default_text = "-"}}}};
    spec.operands = "FILE...";
    return spec;
}

}  // namespace tare::test

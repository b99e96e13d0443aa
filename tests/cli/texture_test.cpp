// tare-texture as it is called: the table, structures that are missing, images that are damaged or hold nothing.
#include <cmath>

#include <catch2/catch.hpp>

#include "fault.hpp"
#include "support/places.hpp"
#include "support/table_values.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"
#include "tare/io/image_file.hpp"
#include "workplace.hpp"

using namespace tare;
using test::check_faults;
using test::Finished;
using test::Workplace;

# How every folder of the library becomes a target.

function(cupel_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Werror
    -Wno-missing-field-initializers  # members have their defaults in place
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # GCC 12 warns of its own string code (bug 105329)
    # Fused multiply-add only where the code asks for it: the same bits everywhere.
    -ffp-contract=off)
endfunction()

# cupel_folder(NAME [LINKS folders...] [THIRD_PARTY targets...])
# Makes the static library cupel_NAME of all .cpp files below cupel/NAME.
# Third-party targets are private: their types stop in .cpp files.
function(cupel_folder name)
  cmake_parse_arguments(arg "" "" "LINKS;THIRD_PARTY" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cupel/${name}/*.cpp)
  if(NOT sources)
    add_library(cupel_${name} INTERFACE)
    set(scope INTERFACE)
  else()
    add_library(cupel_${name} STATIC ${sources})
    set(scope PUBLIC)
    cupel_compile_options(cupel_${name})
    target_link_libraries(cupel_${name} PRIVATE ${arg_THIRD_PARTY} fmt::fmt)
  endif()
  target_include_directories(cupel_${name} ${scope}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include>)
  target_link_libraries(cupel_${name} ${scope} Eigen3::Eigen)
  foreach(link ${arg_LINKS})
    target_link_libraries(cupel_${name} ${scope} cupel_${link})
  endforeach()
endfunction()

#include "cupel/data/file_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_cells.hpp"

namespace cupel {
namespace {

constexpr const char* kSpreadsheet =
    "open it in a spreadsheet program and save it as .xlsx or as CSV text";
constexpr const char* kDocument =
    "copy its table into a spreadsheet program, and save it there as .xlsx or as CSV text";
constexpr const char* kArchive = "unpack it, and name the file with the table in it";
constexpr const char* kPicture =
    "a picture holds no numbers: look for the table that it was made from; 'cupel design FOLDER' "
    "takes a folder of images";
constexpr const char* kProgram =
    "export the table as CSV text (UTF-8) from the program that wrote it";

struct Mark {
  std::size_t at;  ///< where the mark stands
  std::string_view mark, what, cure;
};

using namespace std::string_view_literals;

/// Text to the eye.
constexpr Mark kTexts[] = {
    {0, "{\\rtf"sv, "a text document (RTF)", kDocument},
    {0, "%PDF-"sv, "a PDF document", kDocument},
    {0, "%!PS"sv, "a PostScript document", kDocument},
    {0, "<stata_dta>"sv, "a Stata file (.dta)", kProgram},
    {0, "HEADER RECORD*******LIB"sv, "a SAS transport file (.xpt)", kProgram},
};

/// With bytes that no text has: 'PAR1' and 'ORC' may begin a header line, too.
constexpr Mark kBinaries[] = {
    {0, "PAR1"sv, "a Parquet file",
     "write it as CSV, in Python: pandas.read_parquet('FILE').to_csv('FILE.csv', index=False)"},
    {0, "ARROW1"sv, "an Arrow (Feather) file",
     "write it as CSV, in Python: pandas.read_feather('FILE').to_csv('FILE.csv', index=False)"},
    {0, "FEA1"sv, "a Feather file",
     "write it as CSV, in Python: pandas.read_feather('FILE').to_csv('FILE.csv', index=False)"},
    {0, "Obj\x01"sv, "an Avro file", kProgram},
    {0, "ORC"sv, "an ORC file", kProgram},
    {0, "\x89HDF\r\n\x1A\n"sv, "an HDF5 file (also MATLAB 7.3)",
     "write its table as CSV, in Python: pandas.read_hdf('FILE').to_csv('FILE.csv', index=False)"},
    {0, "CDF\x01"sv, "a NetCDF file", kProgram},
    {0, "CDF\x02"sv, "a NetCDF file", kProgram},
    {0, "MATLAB 5.0 MAT-file"sv, "a MATLAB file (.mat)",
     "in MATLAB: writetable(T, 'FILE.csv') for a table, writematrix(M, 'FILE.csv') for a matrix"},
    {0, "SQLite format 3\0"sv, "an SQLite database",
     "write a table of it as CSV: sqlite3 -header -csv FILE 'select * from TABLE' > FILE.csv"},
    {0, "\x93NUMPY"sv, "a NumPy array (.npy)",
     "write it as CSV, in Python: numpy.savetxt('FILE.csv', numpy.load('FILE'), delimiter=',')"},
    {0, "\x80\x03"sv, "a Python pickle", kProgram},
    {0, "\x80\x04\x95"sv, "a Python pickle", kProgram},
    {0, "\x80\x05\x95"sv, "a Python pickle", kProgram},
    {0, "RDX2\n"sv, "an R data file", "in R: write.csv(NAME, 'FILE.csv', row.names=FALSE)"},
    {0, "RDX3\n"sv, "an R data file", "in R: write.csv(NAME, 'FILE.csv', row.names=FALSE)"},
    {0, "X\n\0\0\0"sv, "an R data file (.rds)",
     "in R: write.csv(readRDS('FILE'), 'FILE.csv', row.names=FALSE)"},
    {0, "$FL2"sv, "an SPSS file (.sav)", kProgram},
    {0, "$FL3"sv, "an SPSS file (.zsav)", kProgram},
    {0, "\0\0\0\0\0\0\0\0\0\0\0\0\xC2\xEA\x81\x60"sv, "a SAS file (.sas7bdat)", kProgram},
    {0, "\xFF\xFF\0\0\x07\0\0\0"sv, "a JMP table", kProgram},
    {0, "TDSm"sv, "a LabVIEW file (.tdms)", kProgram},
    {0, "MDF     "sv, "a measurement file (MDF, .mf4)", kProgram},
    {257, "ustar"sv, "a tar archive", kArchive},
    {0, "7z\xBC\xAF\x27\x1C"sv, "a 7z archive", kArchive},
    {0, "Rar!\x1A\x07"sv, "a RAR archive", kArchive},
    {0, "BZh"sv, "a bzip2 archive", kArchive},
    {0,
     "\xFD"
     "7zXZ\0"sv,
     "an xz archive", kArchive},
    {0, "\x28\xB5\x2F\xFD"sv, "a zstd archive", kArchive},
    {0, "\x04\x22\x4D\x18"sv, "an lz4 archive", kArchive},
    {0, "\x1F\x9D"sv, "a compressed file (.Z)", kArchive},
    {0, "\x89PNG"sv, "a picture (PNG)", kPicture},
    {0, "\xFF\xD8\xFF"sv, "a picture (JPEG)", kPicture},
    {0, "GIF8"sv, "a picture (GIF)", kPicture},
    {0, "II*\0"sv, "a picture (TIFF)", kPicture},
    {0, "MM\0*"sv, "a picture (TIFF)", kPicture},
    {8, "WEBPVP8"sv, "a picture (WebP)", kPicture},
    {8, "WAVEfmt"sv, "a sound file (WAV)", kProgram},
    {0,
     "\x7F"
     "ELF"sv,
     "a program", "name the file with the table"},
};

[[noreturn]] void refuse(const std::string& name, std::string_view what, std::string_view cure) {
  throw Error(ErrorKind::bad_data, fmt::format("{}: this is {}, not a table", name, what),
              std::string(cure));
}

void refuse_marked(std::string_view bytes, const std::string& name, std::span<const Mark> kinds) {
  for (const Mark& kind : kinds)
    if (bytes.size() >= kind.at && bytes.substr(kind.at).starts_with(kind.mark))
      refuse(name, kind.what, kind.cure);
}

bool has_controls(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(),
                     [](char c) { return static_cast<unsigned char>(c) < '\t'; });
}

bool holds(std::string_view bytes, std::string_view part) {
  return bytes.find(part) != std::string_view::npos;
}

/// A name in the directory of a compound file.
bool has_stream(std::string_view bytes, std::string_view ascii) {
  std::string wide;
  for (const char c : ascii) {
    wide += c;
    wide += '\0';
  }
  return holds(bytes, wide + std::string(2, '\0'));
}

void refuse_compound_files(std::string_view bytes, const std::string& name) {
  if (!bytes.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return;
  if (has_stream(bytes, "EncryptedPackage"))
    refuse(name, "a workbook or document protected by a password",
           "open it in a spreadsheet program with its password and save it without one");
  if (has_stream(bytes, "WordDocument")) refuse(name, "an old Word document (.doc)", kDocument);
  if (has_stream(bytes, "Workbook") || has_stream(bytes, "Book"))
    refuse(name, "an old Excel workbook (.xls)", kSpreadsheet);
  refuse(name, "an old Excel workbook (.xls) or another old Office file", kSpreadsheet);
}

std::string_view without_blanks(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

/// HTML is what many web pages give as ".xls".
void refuse_markup(std::string_view bytes, const std::string& name) {
  const std::string_view text = without_blanks(bytes);
  if (!text.starts_with('<')) return;
  const std::string begin = lower_case(text.substr(0, 4096));
  const bool page = begin.starts_with("<!doctype html") || holds(begin, "<html") ||
                    begin.starts_with("<table") || begin.starts_with("<head") ||
                    begin.starts_with("<body") || begin.starts_with("<meta");
  if (page)
    refuse(
        name,
        name.ends_with(".xls") ? "a web page (HTML) that is only called .xls" : "a web page (HTML)",
        kSpreadsheet);
  if (holds(begin, "urn:schemas-microsoft-com:office:spreadsheet"))
    refuse(name, "a spreadsheet in XML (Excel 2003)", kSpreadsheet);
  if (begin.starts_with("<?xml") || begin.starts_with("<!--") || begin.starts_with("<!doctype"))
    refuse(name, "an XML file",
           "export the table as CSV text from the program that wrote it; a spreadsheet program may "
           "be able to import it");
}

void refuse_json(std::string_view bytes, const std::string& name) {
  const std::string_view text = without_blanks(bytes);
  if (text.empty() || (text[0] != '{' && text[0] != '[')) return;
  const std::string_view next = without_blanks(text.substr(1));
  const bool object = text[0] == '{' && !next.empty() && (next[0] == '"' || next[0] == '}');
  const bool list = text[0] == '[' && !next.empty() &&
                    (next[0] == '{' || next[0] == '[' || (next[0] >= '0' && next[0] <= '9'));
  if (object && holds(text.substr(0, 100), "\"cupel\""))
    refuse(name, "JSON that Cupel wrote (a model?)", "name the file with the rows");
  if (object || list)
    refuse(name, "JSON",
           "write it as CSV, in Python: pandas.read_json('FILE').to_csv('FILE.csv', index=False)");
}

}  // namespace

bool has_no_lines(std::string_view bytes) {
  return bytes.starts_with("PK\x03\x04") || bytes.starts_with("\x1F\x8B") ||
         bytes.starts_with("\xD0\xCF\x11\xE0");
}

void refuse_other_kinds(std::string_view bytes, const std::string& name) {
  refuse_marked(bytes, name, kTexts);
  if (has_controls(bytes.substr(0, 4096))) refuse_marked(bytes, name, kBinaries);
  refuse_compound_files(bytes, name);
  refuse_markup(bytes, name);
  refuse_json(bytes, name);
}

}  // namespace cupel

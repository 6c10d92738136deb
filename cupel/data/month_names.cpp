#include "cupel/data/month_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cupel {
namespace {

using Names = std::string_view;  // separated by blanks

constexpr std::array<Names, 12> kMonths = {
    "jan january januar janner jaenner janv janvier ene enero gen genn gennaio janeiro januari "
    "sty ocak tammi",
    "feb february februar febr fev fevr fevrier febrero febbraio fevereiro februari lut subat "
    "helmi",
    "mar march marz maerz mrz marts mars marzo marco maart mrt mart maalis",
    "apr april avr avril abr abril aprile kwi nisan huhti",
    "may mai mayo mag magg maggio maio mei maj mayis touko",
    "jun june juni juin junio giu giugno junho cze haziran kesa",
    "jul july juli juil juillet julio lug luglio julho lip temmuz heina",
    "aug august aou aout ago agosto augustus augusti avg sie agustos elo",
    "sep sept september septembre septiembre setiembre set sett settembre setembro wrz eylul syys",
    "oct october okt oktober octobre octubre ott ottobre out outubro paz ekim loka",
    "nov november novembre noviembre novembro lis kasim marras",
    "dec december dez dezember decembre dic diciembre dicembre dezembro des desember gru aralik "
    "joulu"};

constexpr Names kWeekdays =
    "mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday "
    "sunday mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag lun "
    "mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche mie jue vie sab "
    "dom lunes martes miercoles jueves viernes sabado domingo gio lunedi martedi mercoledi giovedi "
    "venerdi sabato domenica ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag "
    "zondag seg ter qua qui sex segunda terca quarta quinta sexta";

bool holds(Names names, std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t at = names.find(word); at != Names::npos; at = names.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || names[at - 1] == ' ') && (end == names.size() || names[end] == ' '))
      return true;
  }
  return false;
}

/// The letter below the accents of U+00C0 … U+00FF.
char without_accent(unsigned char second) {
  constexpr std::string_view kLetters =
      "aaaaaaaceeeeiiiidnooooo*ouuuuyts"  // U+00C0 …
      "aaaaaaaceeeeiiiidnooooo*ouuuuyty";
  return kLetters[(second - 0x80) % 64];
}

}  // namespace

std::string plain_letters(std::string_view text) {
  std::string plain;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    const std::string_view rest = text.substr(k);
    if (c >= 'A' && c <= 'Z') {
      plain += static_cast<char>(c - 'A' + 'a');
    } else if (c == '\xC3' && rest.size() > 1) {
      plain += without_accent(static_cast<unsigned char>(text[++k]));
    } else if (rest.starts_with("\xC2\xA0")) {
      plain += ' ';
      ++k;
    } else if (rest.starts_with("\xE2\x80\xAF") || rest.starts_with("\xE2\x80\x89")) {
      plain += ' ';
      k += 2;
    } else if (rest.starts_with("\xE2\x88\x92")) {
      plain += '-';
      k += 2;
    } else {
      plain += c;
    }
  }
  return plain;
}

int month_of(std::string_view letters) {
  for (std::size_t month = 0; month < kMonths.size(); ++month)
    if (letters.size() >= 3 && holds(kMonths[month], letters)) return static_cast<int>(month) + 1;
  return 0;
}

bool is_weekday(std::string_view letters) {
  return letters.size() >= 2 && holds(kWeekdays, letters);
}

}  // namespace cupel

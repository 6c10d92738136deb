#include "cupel/report/page_style.hpp"

namespace cupel::report {

std::string_view page_style() {
  return R"css(
:root{--accent:#0b5fa5;--tint:#e8f1f9;--ink:#1c2126;--soft:#5b6670;--rule:#d9dee3;--minus:#b04a00}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:#fff;color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1040px;margin:0 auto;padding:28px 24px 60px}
h1{font-size:30px;line-height:1.2;margin:0 0 4px}
h2{font-size:21px;line-height:1.3;margin:44px 0 10px;padding-top:12px;border-top:1px solid var(--rule)}
h3{font-size:17px;margin:24px 0 6px}
p{margin:8px 0;max-width:75ch}
a{color:var(--accent)}
.small,.byline{font-size:14px;color:var(--soft)}
.block{display:block}
.faint{color:#79838c}
nav{font-size:14px;margin:14px 0 0;line-height:1.9}
nav a{margin-right:14px;white-space:nowrap;text-decoration:none}
nav a:hover{text-decoration:underline}
.card{border:1px solid var(--rule);border-left:6px solid var(--accent);border-radius:6px;padding:14px 20px 16px;margin:20px 0}
.lead{font-size:18px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:12px 24px;margin:14px 0 4px}
.tile{border-top:1px solid var(--rule);padding-top:6px}
.tile span{display:block}
.what{font-size:14px;color:var(--soft)}
.value{font-size:25px;line-height:1.25;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.verdict{background:#fff6ec;border-left:4px solid var(--minus);padding:8px 12px}
.warnings{border:1px solid #e7c9ab;border-left:6px solid var(--minus);background:#fffaf4;border-radius:6px;padding:10px 20px 12px;margin:20px 0}
.warnings h2{border:0;margin:0;padding:0;font-size:18px}
.warnings ul{margin:6px 0;padding-left:20px}
.warn-mark{color:#943c00;font-weight:650;white-space:nowrap}
.note-mark{color:var(--soft)}
.why{background:var(--tint);border-left:4px solid var(--accent);padding:8px 12px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:14.5px;line-height:1.4;margin:10px 0;font-variant-numeric:tabular-nums}
th,td{padding:5px 12px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);overflow-wrap:break-word}
th{vertical-align:bottom;border-bottom:2px solid #9aa5ae;font-weight:650}
th.n,td.n{text-align:right;padding-left:12px}
td.n,.nowrap{white-space:nowrap}
th:last-child,td:last-child{padding-right:4px}
tr.hit td{background:var(--tint);font-weight:600}
tr.hit .small{font-weight:400}
tr.faint td{color:#79838c}
.sortable th{cursor:pointer}
th[aria-sort]::after{content:" ▾";color:var(--accent)}
th[aria-sort=ascending]::after{content:" ▴"}
button.copy{font:inherit;font-size:13px;color:var(--accent);background:none;border:1px solid var(--rule);border-radius:4px;padding:1px 9px;cursor:pointer}
svg.bar{display:block;width:100%;min-width:110px;height:13px;margin:4px 0}
.bars table{width:100%;max-width:760px}
.bars td:nth-child(2){width:55%}
.facts td{overflow-wrap:anywhere}
.facts td:first-child{overflow-wrap:normal;color:var(--soft);padding-right:24px}
pre{background:#f5f7f9;border:1px solid var(--rule);border-radius:4px;padding:10px 12px;white-space:pre-wrap;overflow-wrap:anywhere;font-size:14px}
figure{margin:14px 0}
figcaption{font-size:14px;color:var(--soft);max-width:75ch;margin-top:4px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:4px 36px}
.figures figure{max-width:560px;min-width:0}
.figures figure:only-child{grid-column:1/-1}
figure{max-width:620px}
figure.wide{max-width:none}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;font-size:14px;margin-bottom:4px}
.legend span{display:inline-flex;align-items:center;gap:6px}
svg.key{width:22px;height:12px;flex:none}
svg.plot{display:block;width:100%;height:auto}
svg text{font-size:13px;fill:var(--ink);font-family:inherit}
svg .tx,svg .note,svg .label{text-anchor:middle}
svg .tx,svg .ty{fill:var(--soft);font-size:12px}
svg .ty,svg .in{text-anchor:end}
svg .note{font-size:11.5px;paint-order:stroke;stroke:#fff;stroke-width:4px}
svg path{fill:none}
.grid{stroke:#e8ecef}
.axis{stroke:#79838c}
.dots{stroke-linecap:round;stroke-width:6}
.crosses{stroke-width:1.5}
.c-trial{stroke:#b3bcc4;stroke-width:4}
.c-front-line{stroke:var(--accent);stroke-width:1.5}
.c-front{stroke:var(--accent);stroke-width:7}
svg path.c-pick{fill:var(--minus);stroke:#fff;stroke-width:1.5}
svg path.c-band{fill:var(--tint);stroke:#b9d3ea}
.c-diagonal{stroke:#59636c;stroke-width:1.2}
.c-limit{stroke:var(--accent);stroke-width:1.2;stroke-dasharray:6 4}
.c-held{stroke:#a3adb6;stroke-width:4.5}
.c-test{stroke:var(--accent)}
.c-measured{stroke:#59636c;stroke-width:1.6}
.c-predicted{stroke:var(--accent);stroke-width:1.6;stroke-dasharray:5 2}
.c-interval{stroke:#b9d3ea;stroke-width:3}
.c-spread{stroke:#59636c;stroke-width:3}
.fill{fill:var(--accent)}
.fill-plain{fill:#a3adb6}
.w-plus{stroke:var(--accent);stroke-opacity:.75}
.w-minus{stroke:var(--minus);stroke-opacity:.75;stroke-dasharray:6 4}
.key-line{stroke-width:3}
.unit{fill:#fff;stroke:var(--ink);stroke-width:1.5}
.unit.off{stroke:#b3bcc4}
svg text.faint{fill:#8a949c}
@media (max-width:640px){
main{padding:16px 14px 40px}
h1{font-size:24px}
.card,.warnings{padding:10px 14px 12px}
.tiles{grid-template-columns:1fr 1fr;gap:10px 14px}
.value{font-size:20px}
.lead{font-size:17px}
figure.wide svg.plot{min-width:620px}
svg text{font-size:15px}
svg .tx,svg .ty{font-size:14px}
svg.network text{font-size:13px}
svg.bar{min-width:80px}
#findings td:nth-child(n+4){min-width:12em}
.block{min-width:11em}
}
@media print{
@page{size:A4;margin:15mm 14mm}
body{font-size:10.5pt}
main{max-width:none;padding:0}
nav,button.copy{display:none}
h1{font-size:20pt}
h2{font-size:14pt;margin-top:18pt;break-after:avoid}
h3,h2+p,.legend{break-after:avoid}
figcaption,p.small{break-before:avoid}
.lead{font-size:12pt}
table{font-size:9pt}
.small,figcaption,.legend,.what{font-size:9pt}
.scroll{overflow:visible}
th,td{padding-right:8px}
thead{display:table-header-group}
tr,p,li,figure,.card,.tile,.warnings,pre,#comparison table{break-inside:avoid}
.figures{grid-template-columns:1fr 1fr;gap:0 20px}
svg.plot{max-height:215mm}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
a{color:inherit;text-decoration:none}
}
)css";
}

std::string_view page_script() {
  return R"js(
for (const table of document.querySelectorAll('table')) {
  const body = table.tBodies[0];
  if (body.rows.length < 2) continue;
  table.classList.add('sortable');
  const value = (row, i) => {
    const cell = row.cells[i];
    return cell.dataset.v !== undefined ? Number(cell.dataset.v) : cell.textContent;
  };
  [...table.tHead.rows[0].cells].forEach((head, i) => head.addEventListener('click', () => {
    const up = head.getAttribute('aria-sort') !== 'ascending';
    for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const order = (a, b) => {
      const x = value(a, i), y = value(b, i);
      if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
      const by = typeof x === 'number' ? x - y : x.localeCompare(y);
      return up ? by : -by;
    };
    body.append(...[...body.rows].sort(order));
  }));
  if (body.rows.length < 4 || !navigator.clipboard) continue;
  const button = document.createElement('button');
  button.className = 'copy';
  button.type = 'button';
  button.textContent = 'Copy table';
  button.addEventListener('click', async () => {
    const text = [...table.rows].map(row => [...row.cells].map(cell =>
      cell.textContent.trim()).join('\t')).join('\n');
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  });
  table.parentElement.after(button);
}
)js";
}

}  // namespace cupel::report

/**
 * A report as one page of HTML: pictures first, tables below, nothing loaded from anywhere.
 */
import { escaped } from '../plot/svg.js'
import type { Figure, Report, Table } from './report.js'

const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--faint:#d9dde2;--soft:#f4f6f8}
@media (prefers-color-scheme:dark){:root{--paper:#15181c;--ink:#e6e8ea;--faint:#363c44;--soft:#1d2127}}
body{margin:0 auto;max-width:1180px;padding:1.5rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2.2rem 0 .4rem}
ul.facts{padding-left:1.1rem;font-size:.92rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,540px),1fr));gap:1.2rem}
figure{margin:0;border:1px solid var(--faint);border-radius:8px;padding:.6rem;overflow:hidden}
figure svg{width:100%;height:auto;display:block}
figcaption{font-size:.92rem;padding:.4rem .2rem 0}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.86rem;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .6rem;border-bottom:1px solid var(--faint);text-align:right;vertical-align:top}
th{background:var(--soft);position:sticky;top:0}
th:first-child,td:first-child{text-align:left;white-space:nowrap}
td.words{text-align:left;max-width:34rem}
nav a{margin-right:.9rem}`

/** The page. */
export const htmlPage = ({ title, facts, figures, tables }: Report): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<ul class="facts">${facts.map(fact => `<li>${escaped(fact)}</li>`).join('\n')}</ul>
<nav aria-label="tables">${tables.map(({ id, title: name }) => `<a href="#${anchor(id)}">${escaped(`${id}: ${name}`)}</a>`).join('\n')}</nav>
<h2>Figures</h2>
<div class="figures">
${figures.map(figureHtml).join('\n')}
</div>
${tables.map(tableHtml).join('\n')}
</body>
</html>
`

const anchor = (id: string): string => id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

const figureHtml = ({ id, svg, meaning }: Figure): string =>
  `<figure id="${anchor(id)}">${svg}<figcaption><strong>${escaped(id)}.</strong> ${escaped(meaning)}</figcaption></figure>`

const tableHtml = ({ id, title, meaning, head, rows }: Table): string =>
  `<h2 id="${anchor(id)}">${escaped(`${id}: ${title}`)}</h2>
<p>${escaped(meaning)}</p>
<div class="wide"><table>
<thead><tr>${head.map(name => `<th scope="col">${escaped(name)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map(cells => `<tr>${cells.map(cellHtml).join('')}</tr>`).join('\n')}
</tbody>
</table></div>`

/** Long cells are sentences, and stand as such. */
const cellHtml = (text: string): string =>
  text.length > 24 ? `<td class="words">${escaped(text)}</td>` : `<td>${escaped(text)}</td>`

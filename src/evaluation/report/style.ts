/** Of the report: one column, system fonts, light and dark as the reader's system says, plain when printed. */
export const reportStyle = `
:root {
	color-scheme: light dark;
	--ground: #f6f7f9; --panel: #fff; --line: #d5dae1; --ink: #16191d; --quiet: #5a6472;
	--mark: #1b62a8; --on-mark: #fff; --band: #9dc3e8; --bad: #c02b1d; --good: #19733f;
	font: 16px/1.5 system-ui, sans-serif;
}
@media (prefers-color-scheme: dark) {
	:root {
		--ground: #0e1116; --panel: #171b22; --line: #333c49; --ink: #e9edf2; --quiet: #a5afbd;
		--mark: #7db8f2; --on-mark: #0b1420; --band: #33628f; --bad: #ff8a7a; --good: #6fd39b;
	}
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink) }
main { max-width: 75rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2 }
h2 { margin: 3rem 0 .5rem; font-size: 1.35rem }
h3 { margin: 0; font-size: 1rem }
p { margin: .3rem 0 1rem; max-width: 46rem }
.quiet, figcaption, caption { color: var(--quiet); font-size: .875rem }
.cards, .pair { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(15.5rem, 1fr)) }
.pair { grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)) }
.cards > *, .pair > *, ol.worst > * { min-width: 0 }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 0 }
.card .value { font-size: 2.1rem; font-weight: 650; line-height: 1.15; font-variant-numeric: tabular-nums }
.card p { margin: 0 }
.diagram svg { max-width: 27rem; margin: 0 auto }
svg { display: block; width: 100%; height: auto }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif }
svg .small { font-size: 11px; fill: var(--quiet) }
svg .axis { stroke: var(--line); fill: none }
svg .band { fill: var(--band) }
svg .dot { fill: var(--mark) }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
caption { text-align: left; padding-bottom: .5rem }
th, td { padding: .4rem .5rem; border-bottom: 1px solid var(--line); text-align: right; font-size: .9rem }
thead th { color: var(--quiet); font-weight: 600; vertical-align: bottom }
th:first-child, td.text { text-align: left }
th[scope=row] { white-space: nowrap }
td.bar { min-width: 8rem; text-align: left }
td.bar svg { width: 8rem }
.bad { color: var(--bad); font-weight: 650 }
.good { color: var(--good) }
.heat td { text-align: center; padding: .7rem .4rem; border: 2px solid var(--panel); border-radius: .4rem }
.heat td b { display: block; font-size: 1.05rem }
.heat td span { font-size: .78rem }
.heat th { border: 0; text-align: center }
.heat tbody th { text-align: right; font-weight: 600 }
ol.worst { list-style: none; padding: 0; margin: 0; display: grid; gap: 1rem }
ol.worst p { margin: .1rem 0 .6rem; max-width: none }
.strip svg { min-width: 44rem }
.strip svg .on { fill: #14181d; font-size: 11px }
.strip svg .wrong { fill: #e3200f }
.tag { display: inline-block; padding: 0 .5rem; border-radius: 1rem; border: 1px solid currentColor; font-size: .8rem; font-weight: 600 }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; margin: 0 0 1rem; padding: 0; list-style: none; font-size: .875rem }
.legend i { display: inline-block; width: .9rem; height: .9rem; border-radius: .2rem; margin-right: .4rem; vertical-align: -.1rem }
details summary { cursor: pointer; padding: .5rem 0; font-weight: 600 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: 0 }
dt { font-weight: 600 }
dd { margin: 0 }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr } dd { margin-bottom: .6rem } }
@media print { .panel, tr { break-inside: avoid } body { background: none } }
`;

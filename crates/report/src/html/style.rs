//! The page's one style. Text on paper has a contrast of at least 7 to 1, marks of at least 3 to 1, in both schemes.

/// Colours by name, light and dark; what colour tells is told by a word or a pattern too.
pub(super) const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--soft:#4d4d4d;--line:#767676;--hair:#d0d0d0;--c0:#0b57a4;--c1:#8a4b00;\
--c2:#1f6f43;--c3:#7a2f8f;--c4:#5c5c5c;--c5:#a3243b;--c6:#00696b;--c7:#6b5d00}\
@media(prefers-color-scheme:dark){:root{--ink:#ececec;--paper:#161616;--soft:#c0c0c0;--line:#8c8c8c;--hair:#3a3a3a;--c0:#7db8f0;\
--c1:#f0b060;--c2:#7fd3a4;--c3:#d9a3ea;--c4:#b5b5b5;--c5:#f497a6;--c6:#6fd3d6;--c7:#d8c95c}}\
body{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}\
h1{line-height:1.2}h2{margin-top:2.5rem;border-bottom:1px solid var(--hair)}a{color:var(--c0)}nav ul{columns:2;padding-left:1.2rem}\
:focus-visible{outline:3px solid var(--c0);outline-offset:2px}\
.first{border-left:4px solid var(--c1);padding-left:1rem;font-size:1.1rem}.soft,small{color:var(--soft);font-size:.875rem}\
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.75rem;margin:1rem 0}\
dl div{border:1px solid var(--hair);border-radius:.4rem;padding:.6rem .8rem}dt{color:var(--soft);font-size:.875rem}\
dd{margin:0;font-size:1.25rem;font-weight:600;overflow-wrap:anywhere}dd small{display:block;font-weight:400}\
.wide{overflow-x:auto}table{border-collapse:collapse;margin:.5rem 0}caption{text-align:left;font-weight:600}\
td,th{padding:.25rem .7rem;border-bottom:1px solid var(--hair);text-align:left;vertical-align:top}.n{text-align:right;\
font-variant-numeric:tabular-nums}figure{margin:1.5rem 0}summary{cursor:pointer;min-height:1.5rem}\
svg{width:100%;height:auto;display:block;margin:.5rem 0}svg text{fill:var(--ink);font:12px system-ui,sans-serif}\
.hair{stroke:var(--hair)}.axis{stroke:var(--line)}.soft-text{fill:var(--soft)}.gap{stroke:var(--paper);stroke-width:1}\
.f0{fill:var(--c0)}.f1{fill:var(--c1)}.f2{fill:var(--c2)}.f3{fill:var(--c3)}.f4{fill:var(--c4)}.f5{fill:var(--c5)}.f6{fill:var(--c6)}\
.f7{fill:var(--c7)}.s0{stroke:var(--c0)}.s1{stroke:var(--c1)}.s2{stroke:var(--c2)}.s3{stroke:var(--c3)}.s4{stroke:var(--c4)}\
.s5{stroke:var(--c5)}.s6{stroke:var(--c6)}.s7{stroke:var(--c7)}.line{fill:none;stroke-width:2}.band{fill:var(--c0);fill-opacity:.22}\
.mark{stroke:var(--c5);stroke-width:2;stroke-dasharray:6 4}.wait{fill:none;stroke:var(--c1);stroke-dasharray:4 3}\
.hatch{stroke:var(--paper);stroke-width:2}\
@media print{details:not([open])>*{display:block}nav,summary{display:none}body{margin:0;max-width:none}}";

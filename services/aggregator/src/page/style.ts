/** The page's whole style: no file to fetch, no framework; light and dark as the reader has it. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fbf8f1;--card:#fff;--ink:#1c2321;--quiet:#5d6863;--line:#e4ddcf;--accent:#0b6b4f;--accent-ink:#fff;--tag:#e9f2ec}
@media (prefers-color-scheme:dark){:root{--paper:#121614;--card:#1a201d;--ink:#eef1ec;--quiet:#9aa8a1;--line:#2b332f;--accent:#5fd0a5;--accent-ink:#0b1a14;--tag:#22302a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:3rem;padding-bottom:1.5rem}
h1{font:700 clamp(2rem,6vw,3.25rem)/1.05 Georgia,"Times New Roman",serif;letter-spacing:-.02em;margin:0}
h1 a{color:inherit;text-decoration:none}
header p{margin:.5rem 0 1.5rem;color:var(--quiet);font-size:1.1rem}
form{display:flex;flex-wrap:wrap;gap:.6rem;align-items:end}
label{display:grid;gap:.2rem;font-size:.85rem;color:var(--quiet);flex:1 1 12rem}
input{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.6rem .8rem;width:100%}
button{font:inherit;font-weight:600;border:0;border-radius:.6rem;padding:.65rem 1.4rem;background:var(--accent);color:var(--accent-ink);cursor:pointer}
input:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
h2{font:700 1.35rem Georgia,serif;margin:1.5rem 0 .75rem}
ol{list-style:none;margin:0;padding:0;display:grid;gap:.7rem}
.on li{display:grid;grid-template-columns:4.2rem 1fr auto;gap:1rem;align-items:center;background:var(--card);border:1px solid var(--line);border-radius:.9rem;padding:.8rem 1rem}
time{display:grid;text-align:center;line-height:1.15;color:var(--quiet);font-size:.8rem}
time b{font:700 1.6rem Georgia,serif;color:var(--ink)}
h3{font-size:1.05rem;line-height:1.3;margin:0}
a{color:var(--accent)}
.on p,.loved p{margin:.1rem 0 0;color:var(--quiet);font-size:.92rem}
.tag{display:inline-block;background:var(--tag);border-radius:99rem;padding:0 .6rem;margin:.3rem .3rem 0 0;font-size:.78rem}
.price{font-weight:600;white-space:nowrap}
.loved{grid-template-columns:repeat(auto-fill,minmax(15rem,1fr))}
.loved li{border-left:3px solid var(--accent);padding:.1rem 0 .1rem .8rem}
.note{background:var(--tag);border-radius:.6rem;padding:.7rem 1rem}
.more{display:inline-block;margin:1rem 0;font-weight:600}
footer{padding-top:2rem;padding-bottom:3rem;color:var(--quiet);font-size:.9rem;display:flex;flex-wrap:wrap;gap:1.2rem}
@media (max-width:34rem){.on li{grid-template-columns:3.4rem 1fr}.price{grid-column:2}}
`;

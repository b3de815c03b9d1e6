/** The page's whole style: no font, image or script is fetched. */
export const reportStyle = `
:root { color-scheme: light dark;
  --paper: #fff; --ink: #1b1f24; --soft: #59636e; --line: #d8dee4; --panel: #f6f8fa;
  --good: #1a7f37; --bad: #cf222e;
  --image: #8c959f; --wait: #d0d7de; --pull: #54aeff; --start: #eac54f; --warm: #e16f24;
  --end: #a475f9; --failed: #cf222e; --soak: #2da44e33; --back: #8250df22; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #0d1117; --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --panel: #151b23;
  --good: #3fb950; --bad: #f85149;
  --image: #7d8590; --wait: #3d444d; --pull: #388bfd; --start: #d29922; --warm: #db6d28;
  --end: #a371f7; --failed: #f85149; --soak: #3fb95033; --back: #a371f722; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 3rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p { margin: .3rem 0; } .soft { color: var(--soft); }
code { font: .92em ui-monospace, monospace; }
.state { display: inline-block; padding: 0 .6rem; border: 1px solid; border-radius: 1rem;
  font-size: .9rem; color: var(--bad); white-space: nowrap; }
.state.verified { color: var(--good); } .state.deploying { color: var(--soft); }
.axis { position: relative; margin: .5rem 0 0; }
.row { display: grid; grid-template-columns: 9rem 1fr; align-items: center; min-height: 2.1rem; }
.row .name { padding-right: .7rem; font-size: .92rem; }
.track { position: relative; height: 1.3rem; border-left: 1px solid var(--line); }
.ticks .track { height: 1.4rem; border: 0; font-size: .75rem; color: var(--soft); }
.tick { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.tick:first-child { transform: none; }
.bar { position: absolute; top: .15rem; height: 1rem; min-width: 2px; border-radius: 2px; }
.phase { position: absolute; top: 0; bottom: 0; }
.phase.soak { background: var(--soak); } .phase.back { background: var(--back); }
.steps .bar { background: var(--panel); border: 1px solid var(--line); font-size: .7rem;
  line-height: .9rem; overflow: hidden; white-space: nowrap; padding: 0 .2rem; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: 0; margin: .7rem 0 0;
  list-style: none; font-size: .85rem; color: var(--soft); }
.legend i { display: inline-block; width: .9rem; height: .7rem; margin-right: .35rem;
  border-radius: 2px; }
.image { background: var(--image); } .wait { background: var(--wait); }
.pull { background: var(--pull); } .start { background: var(--start); }
.warm { background: var(--warm); } .end { background: var(--end); }
.failed { background: var(--failed); }
i.soak { background: var(--soak); } i.back { background: var(--back); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line);
  white-space: nowrap; }
th { font-weight: 600; color: var(--soft); }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
.failure { border-left: 3px solid var(--bad); padding: .1rem 0 .1rem .8rem; margin: .8rem 0; }
.failure pre { background: var(--panel); padding: .6rem .8rem; overflow-x: auto; font-size: .85rem; }
.failure ul { margin: .3rem 0; padding-left: 1.2rem; }
@media (max-width: 40rem) {
  .row { grid-template-columns: 1fr; margin-bottom: .35rem; }
  .ticks .name, .steps .name { display: none; }
}
@media print { body { max-width: none; } }
`;

// The viewer's own style, in its shadow root. A page sets the custom properties to fit its colours.
export const styles = `
:host {
  display: block; position: relative; width: 100%; height: 100%; overflow: hidden; outline: none !important;
  background: var(--evolume-background, #e9ebec);
}
canvas { position: absolute; inset: 0; width: 100%; height: 100%; touch-action: none; user-select: none; display: block; }
:host(:focus-visible:not([data-quiet]))::after {
  content: ""; position: absolute; inset: 0; pointer-events: none;
  box-shadow: inset 0 0 0 2px var(--evolume-accent, #1f5f8b);
}
.scrollbar {
  position: absolute; inset: 2px 0 2px auto; width: 16px; touch-action: none; outline: none;
}
.scrollbar[hidden] { display: none; }
.thumb { position: relative; width: 16px; cursor: default; }
.thumb::before {
  content: ""; position: absolute; inset: 0 3px 0 5px; border-radius: 4px;
  background: var(--evolume-thumb, #0000003d); transition: background 120ms, inset 120ms;
}
.scrollbar:hover .thumb::before, .scrollbar.dragging .thumb::before, .scrollbar:focus-visible .thumb::before {
  inset: 0 2px 0 3px; background: var(--evolume-thumb-active, #00000070);
}
.scrollbar:focus-visible .thumb::before { outline: 2px solid var(--evolume-accent, #1f5f8b); outline-offset: 1px; }
.bubble {
  position: absolute; right: 24px; top: 50%; transform: translateY(-50%); padding: 5px 12px; border-radius: 6px;
  background: #20262cf0; color: #fff; font: 500 13px/1.4 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  font-variant-numeric: tabular-nums; white-space: nowrap; visibility: hidden; pointer-events: none;
}
.dragging .bubble { visibility: visible; }
.texts { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); user-select: none; }
.handle { position: absolute; top: 0; left: 0; width: 44px; height: 44px; touch-action: none; }
.handle[hidden] { display: none; }
.handle::before {
  content: ""; position: absolute; top: 0; width: 20px; height: 20px; background: var(--evolume-accent, #1f5f8b);
  box-shadow: 0 1px 3px #0000004d;
}
.handle.start::before { right: 0; border-radius: 50% 0 50% 50%; }
.handle.end::before { left: 0; border-radius: 0 50% 50% 50%; }
@media (pointer: coarse) { .scrollbar { width: 28px; } .thumb { width: 28px; } .thumb::before { inset: 0 4px 0 16px; } }
@media (prefers-reduced-motion: reduce) { .thumb::before { transition: none; } }
`;

// Says once that the browser has drawn what came with it and is idle.

export default function ({ parentElement, setTriggerValue }) {
  if (parentElement.waits) return;
  parentElement.waits = true;
  const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 50)); // Safari has none
  idle(() => setTriggerValue("painted", true), { timeout: 2000 });
}

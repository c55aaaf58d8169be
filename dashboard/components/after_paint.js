const LONGEST = 60000;  // ms that others wait for an answer

export default function ({ parentElement, setTriggerValue }) {
    const line = (window.pneumolensHeralds ??= new Map());  // what each that has not gone says, by its place on the page
    const leads = () => line.keys().next().value === parentElement;
    const whenIdle = (then) => {
        if (window.requestIdleCallback) requestIdleCallback(then, { timeout: 2000 });
        else requestAnimationFrame(() => setTimeout(then));
    };
    const askFirst = () => whenIdle(() => line.values().next().value?.());
    const say = () => {
        setTriggerValue("painted", true);
        setTimeout(go, LONGEST);
    };
    const go = () => {
        if (line.get(parentElement) !== say) return;    // gone, or sent anew since
        const led = leads();
        line.delete(parentElement);
        if (led) askFirst();
    };

    line.set(parentElement, say);
    if (leads()) askFirst();
    return go;
}

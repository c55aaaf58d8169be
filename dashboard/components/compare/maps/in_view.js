// Tells once this place of the page has come onto the screen.

export default function ({ parentElement, setTriggerValue }) {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    setTriggerValue("seen", true);
  });
  observer.observe(parentElement);
  return () => observer.disconnect();
}

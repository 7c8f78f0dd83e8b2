/**
 * Whether something typed is not saved. Forms say so; whatever would throw it away asks here first. Knows nothing of React.
 *
 * Closing the tab asks by the browser's own means; links, Back and the palette by `mayLeave`.
 */
const unsaved = new Set<object>();

const beforeUnload = (event: BeforeUnloadEvent) => {
  event.preventDefault();
};

/** `form` is any object that stands for the form. */
export function markUnsaved(form: object, is: boolean): void {
  if (is) unsaved.add(form);
  else unsaved.delete(form);
  if (unsaved.size > 0) window.addEventListener("beforeunload", beforeUnload);
  else window.removeEventListener("beforeunload", beforeUnload);
}

export const anyUnsaved = (): boolean => unsaved.size > 0;

/** From here on nothing is kept back: the person said so, or is being sent elsewhere on purpose. */
export function forgetUnsaved(): void {
  unsaved.clear();
  window.removeEventListener("beforeunload", beforeUnload);
}

/** True when nothing would be lost, or the person says that it may be. */
export function mayLeave(question: string): boolean {
  if (!anyUnsaved()) return true;
  if (!window.confirm(question)) return false;
  forgetUnsaved();
  return true;
}

interface Navigating extends Event {
  readonly navigationType: string;
}

/** Asks before a link or Back leaves a form. Returns how to stop. */
export function guardNavigation(question: string): () => void {
  const onClick = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.target === "_blank" || link.download || link.hash) return;
    if (mayLeave(question)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onNavigate = (event: Event) => {
    if ((event as Navigating).navigationType === "traverse" && event.cancelable && !mayLeave(question)) event.preventDefault();
  };
  const navigation = (window as { navigation?: EventTarget }).navigation;
  document.addEventListener("click", onClick, true);
  navigation?.addEventListener("navigate", onNavigate);
  return () => {
    document.removeEventListener("click", onClick, true);
    navigation?.removeEventListener("navigate", onNavigate);
  };
}

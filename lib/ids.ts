import type { Brand } from "@/shared";

/** Where text from an address or a form becomes an id: no other place may say so. What it names is for the server to find, or not. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- which kind of id is for the caller to say
export const idFrom = <I extends Brand<string>>(text: string): I => text as I;

/**
 * The API as its contract states it. Everything here is generated from the server's declarations; types cost nothing at run time and an
 * operation that is not used is left out. The request schemas bring Zod along: forms import them from "./requests" on their own.
 */
export type * from "./generated/types";
export * from "./generated/operations";

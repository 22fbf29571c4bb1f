/** Which risks a caller can use: `read` alone, also `write` and `stop`, or all. Draft also has the tools that add leads. */
export const MODES = ['read-only', 'draft', 'full'] as const;
export type Mode = (typeof MODES)[number];

/** Which risk kinds of tools a caller can use: reads alone, also changes that contact no one and lose nothing, or all. */
export const MODES = ['read-only', 'draft', 'full'] as const;
export type Mode = (typeof MODES)[number];

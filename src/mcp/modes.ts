/** How much is shown, from the least to all. */
export const MODES = ['read-only', 'draft', 'full'] as const;
export type Mode = (typeof MODES)[number];

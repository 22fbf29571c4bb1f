/** The owner of a key. Its number is part of its key, of every name in its workspace, and of every text it sends. */
export type Owner = number;

/** These owners exceed the server's limit per caller. No other client has their keys. */
export const EAGER: readonly Owner[] = [18, 19];

const two = (owner: Owner) => String(owner).padStart(2, '0');

export const keyOf = (owner: Owner) => `made-up-key-of-the-load-${two(owner)}`;
export const markOf = (owner: Owner) => `owner-${two(owner)}`;

/** @returns undefined for a key without an owner. */
export function ownerOf(key: string): Owner | undefined {
  const digits = /^made-up-key-of-the-load-(\d\d)$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The owners of names and texts in a text, except this owner. */
export function strangersIn(text: string, owner: Owner | undefined): string[] {
  const marks = new Set(text.match(/owner-\d\d/gi)?.map((mark) => mark.toLowerCase()));
  if (owner !== undefined) marks.delete(markOf(owner));
  return [...marks];
}

/** A text that identifies a call wherever it appears. */
export const NONCE = /owner-\d\d-n\d+x/g;

/** A file that cannot be edited. The message continues a sentence that begins with the path. Nothing was written. */
export class EditError extends Error {}

/** The line break of a text. */
export const lineBreakOf = (text: string): string => /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';

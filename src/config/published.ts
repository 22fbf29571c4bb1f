/**
 * Whether the npm package `heyreach-mcp` is this program. While it is false, the name is free, and another author could
 * publish a package under it. Commands and links then start the program from its place on this computer.
 */
export const PUBLISHED: boolean = false;

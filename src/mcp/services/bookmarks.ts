/** The bookmarks that the caller's key owns. Another key finds none of them. */
export interface CallerBookmarks {
  /** The JSON value of a bookmark. undefined where there is none, or none that is JSON. */
  read(name: string): Promise<unknown>;
  /**
   * Replaces a bookmark. Afterwards it is whole on the disk, or unchanged.
   * @param name lower-case letters, digits, `-` and `_`, at most 40.
   * @throws where it cannot be written.
   */
  write(name: string, value: unknown): Promise<void>;
}

/** The bookmarks of a server that has a folder for its state. */
export interface BookmarkHost {
  /** @param owner the fingerprint of a key. */
  ofOwner(owner: string): CallerBookmarks;
}

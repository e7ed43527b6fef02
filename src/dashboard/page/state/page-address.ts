/** The address of the page, whose part behind the `#` says what is looked at. */
export interface PageAddress {
  readonly href: string;
  /** With the `#`; '' for none. */
  readonly hash: string;
  /** @param hash without the `#`; '' for none */
  replace(hash: string): void;
}

export const BROWSER_ADDRESS: PageAddress = {
  get href() {
    return location.href;
  },
  get hash() {
    return location.hash;
  },
  /** Replaced, not pushed: Back leads to the page before, not through everything that was typed. */
  replace(hash) {
    history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`);
  },
};

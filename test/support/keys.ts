/** Keys that tests use. None may ever appear in anything the program writes. They cannot be mistaken for real ones. */
export const TEST_KEY = 'not-a-real-key/of+any=kind==';
export const OTHER_TEST_KEY = 'another-made-up-key/for+tests==';
export const TEST_ORGANIZATION_KEY = 'org-made-up-key/for+tests==';

export const ALL_TEST_KEYS = [TEST_KEY, OTHER_TEST_KEY, TEST_ORGANIZATION_KEY];

/** The namespace of production, and of the platform on a developer's own cluster. */
export const namespace = 'whatsthecraic';

/**
 * The namespace of an environment. Any but those two has one of its own, so that the wrong overlay
 * for a cluster comes to stand beside another environment and never in its place.
 */
export const namespaceOf = (overlay: string): string =>
  overlay === 'production' || overlay === 'local' ? namespace : `${namespace}-${overlay}`;

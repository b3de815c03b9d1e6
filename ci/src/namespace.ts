/** The namespace of the platform in every cluster. */
export const namespace = 'whatsthecraic';

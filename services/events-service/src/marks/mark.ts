/** What a person notes of an event: to be kept for later, or never to be shown again. */
export type Mark = 'save' | 'hide';

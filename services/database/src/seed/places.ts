/** Cities that get gigs, how many of 100 fall to each, and where venues may lie around the centre. */
export interface Place {
  readonly city: string;
  readonly share: number;
  readonly venues: number;
  readonly longitude: number;
  readonly latitude: number;
}

/** Centres are on dry land with some hundred metres of town in each direction. */
export const places: readonly Place[] = [
  { city: 'Dublin', share: 34, venues: 15, longitude: -6.2655, latitude: 53.3441 },
  { city: 'Cork', share: 15, venues: 9, longitude: -8.4735, latitude: 51.8972 },
  { city: 'Galway', share: 13, venues: 8, longitude: -9.0515, latitude: 53.2748 },
  { city: 'Belfast', share: 11, venues: 7, longitude: -5.9336, latitude: 54.5952 },
  { city: 'Limerick', share: 8, venues: 6, longitude: -8.6238, latitude: 52.6612 },
  { city: 'Waterford', share: 6, venues: 4, longitude: -7.1125, latitude: 52.2578 },
  { city: 'Kilkenny', share: 4, venues: 4, longitude: -7.2551, latitude: 52.6508 },
  { city: 'Sligo', share: 4, venues: 3, longitude: -8.4745, latitude: 54.2712 },
  { city: 'Derry', share: 3, venues: 3, longitude: -7.3229, latitude: 54.9964 },
  { city: 'Ennis', share: 2, venues: 2, longitude: -8.9824, latitude: 52.8437 },
];

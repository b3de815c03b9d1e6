type Words = readonly [string, ...string[]];

/** Venues, people and gigs below are invented; a likeness to real ones is chance. */
export const venueNames = [
  'The Copper Kettle',
  'Halla na Mara',
  'The Blind Piper',
  'Tigh Úna',
  'The Lantern Works',
  'An Seomra Dearg',
  'The Salt Store',
  'Club Réalta',
  'The Weighbridge',
  'Teach an Cheoil Nua',
  'The Basement Loom',
  'The Crooked Oar',
  'Síbín Áine',
  'The Long Gallery',
  'Foundry Lane',
] as const satisfies Words;

export const streets = [
  'Mill Lane',
  'Chapel Row',
  'Sráid an Chuain',
  'Tanner Street',
  'Old Quay',
  'Bridge Street Lower',
  'Castle Terrace',
  'Bóthar na Trá',
] as const satisfies Words;

export const djFirst = [
  'Aoife',
  'Ciarán',
  'Sadhbh',
  'Oisín',
  'Gráinne',
  'Lorcán',
  'Bláthnaid',
  'Fiachra',
  'Caoimhe',
  'Éabha',
  'Tadhg',
  'Muireann',
  'Diarmuid',
  'Róisín',
  'Cormac',
  'Niamh',
] as const satisfies Words;

export const djLast = [
  'Static',
  'Nightbus',
  'Ó Dubstep',
  'Velvet',
  'Afterglow',
  'Lowtide',
  'Mainframe',
  'Ní Bassline',
  'Halogen',
  'Overcast',
] as const satisfies Words;

export const actFirst = [
  'Paper',
  'Copper',
  'Midnight',
  'Hollow',
  'Electric',
  'Wild',
  'Slow',
  'Concrete',
  'Silver',
  'Northern',
  'Salt',
  'Neon',
] as const satisfies Words;

export const actLast = [
  'Herons',
  'Turnpike',
  'Corncrakes',
  'Signal',
  'Currach',
  'Motorway',
  'Bonfires',
  'Hurlers',
  'Ghost Estate',
  'Bealtaine',
  'Lighthouse',
  'Turf Fire',
] as const satisfies Words;

export const formats = [
  '{act}',
  '{act} + guests',
  '{act}: album launch',
  '{dj} all night long',
  '{genre} night with {dj}',
  'Oíche {genre}: {act}',
  '{act} agus cairde',
  'An evening of {genre} with {act}',
] as const satisfies Words;

export const blurbs = [
  'New songs, old friends and a late bar.',
  'Back in town after a sold-out run, with a full band.',
  'Ceol, craic agus comhluadar: doors open early, music from nine.',
  'An intimate set in the small room; standing only.',
  'Three acts on one bill, local support to be announced.',
  'Vinyl only, from warm-up to last orders.',
] as const satisfies Words;

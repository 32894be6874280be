import type { PresetEntry } from './entry.js'

const LIARS = ['silent', 'equivocator', 'twins', 'crashes', 'links that lose messages']

/** Systems named by their papers. */
export const PRESETS: readonly PresetEntry[] = [
  {
    name: 'waterbear-qs-q',
    factory: 'waterbearQsQ',
    title: 'Erasure-coded broadcast, Quadratic-RABA, local coins.',
    paper: 'Zhang, Duan, Zhao, Zhu: WaterBear, USENIX Security 2023',
    family: 'n RABAs',
    parts: { acs: 'acs/raba-subset', rbc: 'rbc/ct', agreement: 'raba/quadratic', coin: 'coin/local' },
    setUp: 'none',
    adaptive: true,
    quantum: true,
    steps: '4 where all agree to include, 7 to leave out',
    messages: 'O(n³)',
    bytes: 'about n² / (n − 2f) payloads a proposer, O(κ · n³ · log n)',
    slots: 'f + 2',
    status: 'default',
    deviates: ['Quadratic-RABA is a hardened reconstruction'],
    attackedBy: LIARS,
  },
  {
    name: 'waterbear-q',
    factory: 'waterbearQ',
    title: 'Bracha’s broadcast, Quadratic-RABA, local coins.',
    paper: 'Zhang, Duan, Zhao, Zhu: WaterBear, USENIX Security 2023',
    family: 'n RABAs',
    parts: { acs: 'acs/raba-subset', rbc: 'rbc/bracha', agreement: 'raba/quadratic', coin: 'coin/local' },
    setUp: 'none',
    adaptive: true,
    quantum: true,
    steps: '4 where all agree to include, 7 to leave out',
    messages: 'O(n³)',
    bytes: 'n² payloads a proposer',
    slots: 'f + 2',
    status: 'stable',
    deviates: ['Quadratic-RABA is a hardened reconstruction', 'READY carries a digest: it rests on the hash'],
    attackedBy: LIARS,
  },
]

/**
 * The agreements of @mc/raba under the names that tables and figures use: the one place where a name becomes a factory.
 */
import {
  brachaAba,
  cobaltAba,
  crainAba,
  crusaderAba,
  cubicAba,
  cubicRaba,
  mmrAba,
  paceRaba,
  quadraticAba,
  quadraticRaba,
} from '@mc/raba'
import type { Agreement, Variant, VariantSetting } from '../variant.js'

const variant = (name: string, note: string, make: (setting: VariantSetting) => unknown): Variant => ({
  name,
  note,
  make: make as (setting: VariantSetting) => Agreement,
})

/** All of them, RABA first; the default leads. */
export const VARIANTS: readonly Variant[] = [
  variant('raba/quadratic', 'WaterBear, reconstructed and hardened; the default', ({ localCoin }) =>
    quadraticRaba({ coin: localCoin }),
  ),
  variant('raba/quadratic-s1', 'the fallback: round 0 never decides 0', ({ localCoin }) =>
    quadraticRaba({ coin: localCoin, roundZero: 's1' }),
  ),
  variant('raba/cubic', 'WaterBear, reconstructed; finals by reliable broadcast', ({ localCoin, voteRbc }) =>
    cubicRaba({ coin: localCoin, rbc: voteRbc }),
  ),
  variant('raba/pace-cobalt', 'PACE construction over Cobalt, common coin', ({ commonCoin }) =>
    paceRaba({ coin: commonCoin }),
  ),
  variant('aba/quadratic', 'WaterBear with a fifth, binding phase', ({ localCoin }) =>
    quadraticAba({ coin: localCoin }),
  ),
  variant('aba/quadratic-4', 'four phases as published, not binding', ({ localCoin }) =>
    quadraticAba({ coin: localCoin, binding: false }),
  ),
  variant('aba/cubic', 'WaterBear with a plain binding stage', ({ localCoin, voteRbc }) =>
    cubicAba({ coin: localCoin, rbc: voteRbc }),
  ),
  variant('aba/cubic-2', 'two stages as published, not binding for f ≥ 2', ({ localCoin, voteRbc }) =>
    cubicAba({ coin: localCoin, rbc: voteRbc, binding: false }),
  ),
  variant('aba/bracha', 'Bracha 1987: every vote by reliable broadcast', ({ localCoin, voteRbc }) =>
    brachaAba({ coin: localCoin, rbc: voteRbc }),
  ),
  variant(
    'aba/crain',
    'two stages with CONF between them, common coin; decides without it',
    ({ commonCoin }) => crainAba({ coin: commonCoin }),
  ),
  variant('aba/crain-4', 'the two stages alone, not binding', ({ commonCoin }) =>
    crainAba({ coin: commonCoin, binding: false }),
  ),
  variant('aba/cobalt', 'MMR with CONF before the coin, common coin', ({ commonCoin }) =>
    cobaltAba({ coin: commonCoin }),
  ),
  variant('aba/crusader', 'binding crusader agreement and a common coin', ({ commonCoin }) =>
    crusaderAba({ coin: commonCoin }),
  ),
  variant(
    'aba/mmr',
    'MMR 2014 without CONF: historical, not live against a scheduler that reads',
    ({ commonCoin }) => mmrAba({ coin: commonCoin }),
  ),
]

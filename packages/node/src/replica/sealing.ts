/**
 * Seals: ours of every block we make, those of others until they convince.
 */
import type { Certificate } from '@mc/ledger'
import type { Epoch, PeerIndex } from '@mc/protocol'
import type { IntakeContext } from './context.js'

/** Seals the ledger's blocks and collects the seals of others. */
export class Sealing<State> {
  readonly #context: IntakeContext<State>
  readonly #epochsTaken: number
  /** What faster members sealed before we have the block, by member and epoch; as many as such a member may be ahead. */
  readonly #early: readonly Map<number, Uint8Array>[]

  constructor(context: IntakeContext<State>, epochsTaken: number) {
    this.#context = context
    this.#epochsTaken = epochsTaken
    this.#early = Array.from({ length: context.options.configuration.members.length }, () => new Map())
  }

  /** A member's seal. Faults reported: `node/invalid-seal`, `node/too-many-messages`. */
  onSeal(member: PeerIndex, epoch: number, signature: Uint8Array): void {
    const { budgets, options, turn } = this.#context
    if (!budgets.takeSmall(member, options.now())) {
      turn().faults.push({ rule: 'node/too-many-messages', peer: member, detail: 'seals' })
      return
    }
    const { nextEpoch } = options.ledger
    if (epoch >= nextEpoch + this.#epochsTaken) return
    // The signature is a view into a frame, which must not live as long as it does.
    if (epoch >= nextEpoch) this.#keepEarly(member, epoch, signature.slice())
    else this.#add(epoch, member, signature.slice())
  }

  /** The ledger has a new last block: seals it, and takes what came too early. */
  onBlock(): void {
    const { ledger, secretKey } = this.#context.options
    const own = ledger.sealTip(secretKey)
    if (own !== undefined) ledger.addSeal(own.epoch, own.seal)
    for (const [member, seals] of this.#early.entries()) this.#takeEarly(member as PeerIndex, seals)
    const tip = ledger.tip?.block.epoch
    if (tip !== undefined) this.#keep(tip)
  }

  /** Says our seal of the last block. */
  send(to: PeerIndex | 'all'): void {
    const { options, turn } = this.#context
    const own = options.ledger.sealTip(options.secretKey)
    if (own === undefined) return
    turn().send(to, { type: 'seal', epoch: own.epoch as Epoch, signature: own.seal.signature })
  }

  /** Takes the seals of a certificate for the last block; only those that are valid are kept. */
  onCertificate({ epoch, seals }: Certificate): void {
    const { configuration, ledger } = this.#context.options
    for (const { member, signature } of seals.slice(0, configuration.members.length)) {
      ledger.addSeal(epoch, { member, signature: signature.slice() })
    }
    this.#keep(epoch)
  }

  #keepEarly(member: PeerIndex, epoch: number, signature: Uint8Array): void {
    const seals = this.#early[member]
    if (seals !== undefined && !seals.has(epoch)) seals.set(epoch, signature)
  }

  #takeEarly(member: PeerIndex, seals: Map<number, Uint8Array>): void {
    const { nextEpoch } = this.#context.options.ledger
    for (const [epoch, signature] of seals) {
      if (epoch >= nextEpoch) continue
      seals.delete(epoch)
      this.#add(epoch, member, signature)
    }
  }

  #add(epoch: number, member: PeerIndex, signature: Uint8Array): void {
    const { options, turn } = this.#context
    const publicKey = options.configuration.members[member]?.publicKey as Uint8Array
    const outcome = options.ledger.addSealOf(epoch, publicKey, signature)
    if (outcome === 'invalid') {
      turn().faults.push({ rule: 'node/invalid-seal', peer: member, detail: `block ${epoch}` })
    } else if (outcome === 'added' || outcome === 'certified') this.#keep(epoch)
  }

  #keep(epoch: number): void {
    const { ledger } = this.#context.options
    const certificate = ledger.isCertified(epoch) ? ledger.certificate(epoch) : undefined
    if (certificate !== undefined) this.#context.turn().certificates.push(certificate)
  }
}

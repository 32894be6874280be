/**
 * W3C verifiable credentials in their JWT form, a subset: compact JWS, EdDSA over Ed25519, issuers named in advance.
 *
 * The credential's `sub` has to be `urn:mc:` and the member key in hexadecimal: it was issued to this key, so a stolen one is of
 * no use. Data Integrity proofs, SD-JWT, status lists and DID resolution are not in the subset: an adapter of one's own can take them.
 *
 * @see W3C Verifiable Credentials Data Model 1.1, section 6.3.1; RFC 7515; RFC 8037
 */
import type { SignatureScheme } from '@mc/crypto'
import { DecodeError, fromUtf8, hex, utf8 } from '@mc/protocol/wire'
import {
  type Attester,
  type AttesterOptions,
  type AttesterOutcome,
  attesterOf,
} from '../admission/attester.js'
import { fromBase64Url } from '../base64-url.js'

/** The longest credential that is looked at, in characters. */
export const CREDENTIAL_LENGTH_MAX = 16_384

/** Who may issue what, and which field of the subject names the person. */
export interface CredentialOptions extends AttesterOptions {
  /** Issuers by their `iss`, with their Ed25519 keys. */
  readonly issuers: ReadonlyMap<string, Uint8Array>
  /** The type that the credential has to have beside `VerifiableCredential`. */
  readonly type: string
  /** A field of `credentialSubject` that names the person to the issuer: a text. */
  readonly uniqueField: string
  readonly ed25519: SignatureScheme
}

/** The attester of credentials; a response is the compact JWS. */
export const credentialAttester = (options: CredentialOptions): Attester<string> =>
  attesterOf('vc', options, ({ subject }, jws, nowS) => {
    const payload = verifiedPayload(jws, options)
    if (typeof payload === 'string') return { refused: payload }
    if (payload['sub'] !== `urn:mc:${hex(subject)}`) return { refused: 'the credential is another key’s' }
    const { nbf = 0, exp } = payload
    if (typeof nbf !== 'number' || nowS < nbf) return { refused: 'the credential is not valid yet' }
    if (typeof exp !== 'number' || nowS >= exp)
      return { refused: 'the credential has expired, or never does' }
    return claimOf(payload, options)
  })

type Fields = Readonly<Record<string, unknown>>

function claimOf(payload: Fields, { type, uniqueField }: CredentialOptions): AttesterOutcome {
  const vc = fieldsOf(payload['vc'])
  const types = vc?.['type']
  if (!Array.isArray(types) || !types.includes('VerifiableCredential') || !types.includes(type)) {
    return { refused: `the credential is no ${type}` }
  }
  const subject = fieldsOf(vc?.['credentialSubject'])
  const uniqueId = subject && Object.hasOwn(subject, uniqueField) ? subject[uniqueField] : undefined
  if (typeof uniqueId !== 'string' || uniqueId === '') return { refused: `the subject has no ${uniqueField}` }
  const issuer = String(payload['iss'])
  const named = attempt(() => utf8(`${issuer}/${uniqueId}`))
  return named === undefined
    ? { refused: `the ${uniqueField} is no text` }
    : { claim: utf8(`vc:${type}:${issuer}`), uniqueId: named }
}

/** The payload under a good signature of a known issuer, or why there is none. */
function verifiedPayload(jws: string, { issuers, ed25519 }: CredentialOptions): Fields | string {
  if (jws.length > CREDENTIAL_LENGTH_MAX) return 'the credential is too long'
  const parts = jws.split('.')
  const [header, payload, signature] = parts.map(fromBase64Url)
  if (parts.length !== 3 || !header || !payload || !signature) return 'the credential is no compact JWS'
  const head = jsonOf(header)
  // The algorithm is ours to say: a header may only agree, and may not ask for what we do not know.
  if (head?.['alg'] !== 'EdDSA' || head['crit'] !== undefined)
    return 'the credential is not signed with EdDSA'
  const fields = jsonOf(payload)
  const issuer = fields?.['iss']
  const key = typeof issuer === 'string' ? issuers.get(issuer) : undefined
  if (fields === undefined || key === undefined) return 'the issuer is not known here'
  const signed = utf8(`${parts[0]}.${parts[1]}`)
  return ed25519.verify(signature, signed, key) ? fields : 'the signature is not the issuer’s'
}

function jsonOf(bytes: Uint8Array): Fields | undefined {
  return attempt(() => fieldsOf(JSON.parse(fromUtf8(bytes))))
}

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DecodeError || error instanceof RangeError)
      return undefined
    throw error
  }
}

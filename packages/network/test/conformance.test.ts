import { libp2pTransport, memberKeyOf, memoryNetwork, tcpTransport } from '@mc/network'
import { describeTransport, seedOfMember, type TransportRequest } from '@mc/network/conformance'
import { describe, test } from 'vitest'

const runner = { describe, test }

describeTransport('memory', runner, () => {
  const network = memoryNetwork()
  let made = 0
  return {
    create: (member, { listen, ...limits }: TransportRequest) => {
      made += 1
      return network.transport(memberKeyOf(seedOfMember(member)), {
        listen: listen ?? [`place ${made}`],
        ...limits,
      })
    },
  }
})

describeTransport('tcp', runner, () => ({
  create: (member, { listen = ['127.0.0.1:0'], ...limits }: TransportRequest) =>
    tcpTransport({ secretKey: seedOfMember(member), listen, ...limits }),
}))

describeTransport('libp2p', runner, () => ({
  create: (member, { listen = ['/ip4/127.0.0.1/tcp/0'], ...limits }: TransportRequest) =>
    libp2pTransport({ secretKey: seedOfMember(member), listen, ...limits }),
}))

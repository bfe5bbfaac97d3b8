<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Client;
use OctoStore\Rules;
use OctoStore\WebhookSignature;

/** Has every request done where it must be done. */
final class Router
{
    /** What lasts, and who makes it. */
    private const OWNERS = [
        'hold' => Holdings::class,
        'open_session' => Holdings::class,
        'watch' => WatchOwner::class,
        'elect' => ElectionOwner::class,
    ];

    /** @var array<string, Client> */
    private array $clients = [];

    /** @var array<string, Channel> to the owners of things, by the names of the things */
    private array $owners = [];

    /** Returns at the end of the input. */
    public function run(): void
    {
        pcntl_signal(SIGCHLD, SIG_IGN);
        while (($line = fgets(STDIN)) !== false) {
            $this->route(json_decode($line, true, flags: JSON_THROW_ON_ERROR));
        }
    }

    /** @param array<string, mixed> $request */
    private function route(array $request): void
    {
        $do = $request['do'];
        $owned = $request['handle'] ?? $request['session'] ?? $request['watch'] ?? $request['election'] ?? null;
        if ($do === 'hold' && isset($request['session'])) {
            // A lock ends with its session in the process that has both.
            $this->owners[$request['as']] = $this->owners[$request['session']];
        }
        if (isset(self::OWNERS[$do])) {
            $this->owners[$request['as']] ??= $this->newOwner(self::OWNERS[$do], $this->clients[$request['client']]);
            $this->owners[$request['as']]->writeLine($request);
        } elseif (in_array($do, ['handle', 'await_lost', 'close', 'next'], true)) {
            $this->owners[$owned]->writeLine($request);
        } elseif (in_array($do, ['client', 'describe', 'rules', 'verify_webhook'], true)) {
            // These wait for nobody.
            Output::answer($request['id'], fn (): mixed => $this->serve($request));
        } else {
            $client = $this->clients[$request['client']];
            Fork::run(static fn () => Output::answer($request['id'], static fn () => Calls::make($client, $request)));
        }
    }

    /** @param array<string, mixed> $request */
    private function serve(array $request): mixed
    {
        return match ($request['do']) {
            'client' => $this->makeClient($request),
            'describe' => (string) $this->clients[$request['client']],
            'rules' => array_change_key_case((new \ReflectionClass(Rules::class))->getConstants()),
            'verify_webhook' => WebhookSignature::verify(
                $request['secret'],
                $request['headers'],
                $request['body'],
                $request['now_seconds'],
            ),
        };
    }

    /** @param class-string<Owner> $class */
    private function newOwner(string $class, Client $client): Channel
    {
        [$ours, $theirs] = Channel::pair();
        Fork::run(static fn () => (new $class($client))->serve($theirs));

        return $ours;
    }

    /** @param array<string, mixed> $request */
    private function makeClient(array $request): null
    {
        $this->clients[$request['as']] = new Client(
            baseUrl: $request['base_url'] ?? null,
            token: $request['token'] ?? null,
            timeoutMs: $request['timeout_ms'] ?? Rules::TIMEOUT_MS_DEFAULT,
        );

        return null;
    }
}

<?php

declare(strict_types=1);

namespace OctoStore\Tests;

/** A PHP program in a process of its own. */
final class Program
{
    private const PATIENCE_SECONDS = 15;

    /** @var resource */
    private $process;

    /** @var array<int, resource> */
    private array $pipes = [];

    private readonly string $file;

    public readonly int $pid;

    /**
     * @param string $code without the opening tag; the classes of the client can be loaded
     * @param array<string, string> $settings of PHP
     */
    public function __construct(string $code, array $settings = [])
    {
        $this->file = tempnam(sys_get_temp_dir(), 'octostore');
        $autoload = var_export(dirname(__DIR__) . '/autoload.php', true);
        file_put_contents($this->file, "<?php\ndeclare(strict_types=1);\nrequire $autoload;\n$code");
        $command = [PHP_BINARY];
        foreach (['display_errors' => 'stderr', ...$settings] as $name => $value) {
            array_push($command, '-d', "$name=$value");
        }
        $command[] = $this->file;
        $this->process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $this->pipes)
            ?: throw new \RuntimeException('no process');
        $this->pid = proc_get_status($this->process)['pid'];
    }

    public function __destruct()
    {
        if (is_resource($this->process)) {
            proc_terminate($this->process, SIGKILL);
            proc_close($this->process);
        }
        unlink($this->file);
    }

    /** The next line of its output. Throws if none comes. */
    public function line(): string
    {
        [$read, $write, $except] = [[$this->pipes[1]], null, null];
        if (stream_select($read, $write, $except, self::PATIENCE_SECONDS) !== 1) {
            throw new \RuntimeException('the program says nothing');
        }
        $line = fgets($this->pipes[1]);

        return $line === false
            ? throw new \RuntimeException('the program has ended: ' . stream_get_contents($this->pipes[2]))
            : rtrim($line);
    }

    public function signal(int $signal): void
    {
        proc_terminate($this->process, $signal);
    }

    /**
     * Waits for its end.
     *
     * @return array{output: string, errors: string, exitCode: int}
     */
    public function end(): array
    {
        [$output, $errors] = array_map(stream_get_contents(...), [$this->pipes[1], $this->pipes[2]]);

        return ['output' => $output, 'errors' => $errors, 'exitCode' => proc_close($this->process)];
    }
}

<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

/** Gives the tokens that it was told to give, one after the other, whichever process asks. */
final class GivenTokens
{
    /** @var resource its size counts, for all processes, how often it was asked */
    private readonly mixed $file;

    /** @param array{tokens: list<string>, fails?: string, delay_ms?: int} $given */
    public function __construct(private readonly array $given)
    {
        $name = tempnam(sys_get_temp_dir(), 'octostore');
        $this->file = fopen($name, 'a');
        unlink($name);
    }

    public function next(): string
    {
        usleep(1000 * ($this->given['delay_ms'] ?? 0));
        $asked = fstat($this->file)['size'];
        fwrite($this->file, '.');
        $tokens = $this->given['tokens'];
        if ($asked >= count($tokens) && isset($this->given['fails'])) {
            throw new ProgramException($this->given['fails']);
        }

        return $tokens[$asked] ?? end($tokens);
    }
}

<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** A webhook message that was not signed with the secret, or not just now. */
final class SignatureException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Signature;
    }
}

<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** A webhook delivery was not signed with the secret, or its timestamp is too far off. */
final class SignatureException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Signature;
    }
}
